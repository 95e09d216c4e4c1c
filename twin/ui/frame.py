"""The frame around every page: the list of pages, the logo, which twin is open, and what is said when it fails."""

import logging
from concurrent.futures import wait
from pathlib import Path

import streamlit as st

from twin.advise.words import capitalised
from twin.clock import spoken
from twin.desk import Twin
from twin.desk.desk import local_name
from twin.desk.runs import made_by
from twin.errors import TwinError
from twin.ui import doors, entry, visit
from twin.ui.answer import literal
from twin.ui.palette import is_dark

log = logging.getLogger(__name__)
ROOT = Path(__file__).parent.parent.parent
STATIC = ROOT / "static"
PATIENCE_SECONDS = 1.5
LOOKS = (STATIC / "look.css", Path(__file__).parent / "look.css")


def show() -> None:
    """Draw the frame and the page in it; whatever fails is said in a sentence."""
    st.set_page_config(page_title="Understudy", page_icon=str(STATIC / "favicon.svg"), layout="wide")
    for look in LOOKS:
        st.html(look)
    shade = "dark" if is_dark() else "light"
    st.logo(STATIC / f"logo-{shade}.svg", size="large", icon_image=STATIC / f"icon-{shade}.svg")
    page = st.navigation(pages(), expanded=True)
    made_by(who())
    try:
        note_page(page.title)
        st.session_state["shown_twin"] = twin = visit.open_twin()
        beside(twin)
        if ready(twin):
            page.run()
        else:
            getting_ready(twin)
    except TwinError as error:
        sorry(page.title, error)
    except Exception:
        log.exception("The page %s failed", page.title)
        sorry(page.title, None)
    entry.drawn.set()


def ready(twin: Twin) -> bool:
    """Whether the numbers of the newest records are worked out; raises what went wrong with them."""
    job = doors.prepared(twin)
    wait([job], timeout=PATIENCE_SECONDS)
    if job.done() and job.exception() is not None:
        doors.jobs().forget(("prepared", twin.name, twin.snapshot.snapshot))
    return job.done() and job.result() is None


@st.fragment(run_every=1.0)
def getting_ready(twin: Twin) -> None:
    """What is shown while the twin gets to know new records."""
    if doors.prepared(twin).done():
        st.rerun()
    st.title("Getting to know the records", anchor=False)
    st.markdown(
        "The twin estimates its numbers from the records, fits its forecast and plays the coming weeks as today. "
        "This is done once for new records and takes about half a minute; the page comes by itself."
    )
    st.skeleton(height=320)


def pages() -> dict[str, list[st.Page]]:
    """The pages by section of the sidebar."""
    folder = ROOT / "pages"
    return {
        "Today": [st.Page(folder / "today/overview.py", title="Overview", icon=":material/dashboard:", default=True)],
        "Understand": [
            st.Page(folder / "understand/data.py", title="Data", icon=":material/database:"),
            st.Page(folder / "understand/forecast.py", title="Forecast", icon=":material/show_chart:"),
            st.Page(folder / "understand/one_life.py", title="One life", icon=":material/person_search:"),
        ],
        "Explore": [
            st.Page(folder / "explore/what_if.py", title="What if", icon=":material/tune:"),
            st.Page(folder / "explore/shared_run.py", title="Shared run", url_path="shared", visibility="hidden"),
        ],
    }


def page_file(name: str) -> str:
    """Where a page lies, for links to it."""
    return str(ROOT / "pages" / name)


def note_page(title: str) -> None:
    """Remember whether the visitor has just come from another page."""
    before = st.session_state.get("page")
    st.session_state["arrived"] = before not in (None, title)
    st.session_state["fresh"] = before != title
    st.session_state["page"] = title


def who() -> str:
    """Who makes runs here: the signed-in user, or the local name."""
    if getattr(st.user, "is_logged_in", False):
        return str(st.user.get("email") or st.user.get("name") or "") or local_name()
    return local_name()


def beside(twin: Twin) -> None:
    """In the sidebar: which twin is open, its today, and the others."""
    with st.sidebar:
        names = [row.name for row in doors.the_desk().twins()]
        if len(names) > 1:
            st.session_state["choose_twin"] = twin.name
            place = names.index(twin.name)
            st.selectbox("Business", names, place, key="choose_twin", format_func=titled, on_change=choose)
        else:
            st.markdown(f"**{title_of(twin)}**")
        st.caption(f"{today_of(twin)} is {spoken(twin.today)}.")


def today_of(twin: Twin) -> str:
    """Whose today a date is: This shop's today."""
    return f"This {twin.template.name.replace('-', ' ')}'s today"


def titled(name: str) -> str:
    """A twin's title by its name."""
    return title_of(doors.the_desk().twin(name))


def title_of(twin: Twin) -> str:
    """A twin's title; its name made readable where it has none."""
    title = twin.setting("title")
    return capitalised(twin.name.replace("-", " ")) if title in ("", twin.name) else title


def choose() -> None:
    """Open another twin; the address says so, and the old one's changes leave it."""
    st.session_state[visit.TWIN] = st.session_state["choose_twin"]
    st.query_params.from_dict({"twin": st.session_state[visit.TWIN]})


def sorry(title: str, error: TwinError | None) -> None:
    """A page that says what is wrong and what to do."""
    shared = title == "Shared run"
    if error is not None:
        st.title("This run cannot be opened" if shared else "This cannot be shown yet", anchor=False)
        st.markdown(literal(str(error)))
    else:
        st.title("Something went wrong here", anchor=False)
        st.markdown(
            "The page could not be drawn. Nothing was lost: data and stored runs are as they were. "
            "Try again; if it stays, the server's log says what happened."
        )
    with st.container(horizontal=True, vertical_alignment="center", key="ways_on"):
        if not shared:
            st.button("Try again", type="primary", key="try_again")
        if title != "Overview":
            st.page_link(page_file("today/overview.py"), label="Go to the overview", icon=":material/arrow_back:")
        if shared:
            st.page_link(page_file("explore/what_if.py"), label="Ask a what-if of your own", icon=":material/tune:")
