"""The app, as `streamlit run app.py` starts it; `python -m twin serve` starts the same with its HTTP routes beside it.

This file is read under three names: as `app` once when the server starts, as `__main__` for each page that is drawn,
and as `__mp_main__` by worker processes, which must find nothing heavy here.
"""

if __name__ == "__main__":
    from twin.ui.frame import show

    show()
elif __name__ == "app":
    import streamlit

    from twin.ui.entry import before_first_visit

    before_first_visit()
    app = streamlit.App(__file__)
