"""All studies, each declared once."""

from tests.proof.customers import customer_studies
from tests.proof.loans import loan_studies
from tests.proof.machines import machine_studies
from tests.proof.queueing import queue_studies
from tests.proof.study import Study
from tests.proof.supply import supply_studies

STUDIES: dict[str, Study] = {
    study.name: study
    for study in (*queue_studies(), *machine_studies(), *customer_studies(), *loan_studies(), *supply_studies())
}
