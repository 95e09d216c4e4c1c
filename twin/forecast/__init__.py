"""What to expect if nothing changes: Prophet, plain baselines, and how well either did on the past."""

from twin.forecast.measure import forecast_measure
from twin.forecast.published import MeasureForecast

__all__ = ["MeasureForecast", "forecast_measure"]
