"""What happens once when the server starts, before anybody has come."""

import contextlib
import threading
import time

from twin.errors import TwinError

PATIENCE_SECONDS, GRACE_SECONDS = 8.0, 3.0
drawn = threading.Event()  # the first page stands


def after_first_page() -> None:
    """Wait until the first page stands, so that nothing in the background makes its visitor wait; not for ever."""
    if drawn.wait(PATIENCE_SECONDS):
        time.sleep(GRACE_SECONDS)  # its charts are drawn by the visitor's browser, often on the same machine


def before_first_visit() -> None:
    """Make sure that the first visitor gets the page asked for, and gets it quickly."""
    without_old_pages()
    threading.Thread(target=ready, name="ready", daemon=True).start()


def without_old_pages() -> None:
    """Tell Streamlit that the folder 'pages' is not its old kind of pages.

    Until the first page was drawn it believes so, and greets a first visitor who follows a link with 'Page not found'.
    """
    from streamlit.runtime.pages_manager import PagesManager

    PagesManager.uses_pages_directory = False


def ready() -> None:
    """Load the frame and open the store; a store that cannot be opened is said on the page."""
    import pandas  # noqa: F401

    import twin.ui.frame  # noqa: F401
    from twin.ui import doors

    with contextlib.suppress(TwinError):
        doors.the_desk()
