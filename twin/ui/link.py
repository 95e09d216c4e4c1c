"""A button that puts a link into the clipboard and shows it as text to select."""

from collections.abc import Callable
from typing import Any

import streamlit as st

HTML = """
<button type="button" id="copy">Copy link</button>
<span id="shown" hidden>
  <input id="link" readonly aria-label="Link to this comparison"><span id="told" role="status"></span>
</span>
"""
CSS = """
:host { display: block; }
#copy { margin-block-end: 0.5rem; }
#copy { font: inherit; font-size: 0.93rem; min-height: 2.5rem; padding: 0.25rem 0.9rem;
  border: 1px solid var(--st-primary-color); cursor: pointer;
  border-radius: var(--st-button-radius, 0.4rem); background: var(--st-primary-color);
  color: light-dark(#fff, #0b1a1c); white-space: nowrap; }
#copy:hover { filter: brightness(1.08); }
#copy:focus-visible, #link:focus-visible { outline: 2px solid var(--st-primary-color); outline-offset: 2px; }
#shown { display: flex; flex-wrap: wrap; align-items: center; gap: 0.5rem; max-width: 100%; }
#shown[hidden] { display: none; }
#link { font: inherit; font-size: 0.9rem; width: 24rem; max-width: calc(100vw - 4rem);
  padding: 0.5rem 0.6rem; border: 1px solid var(--st-border-color);
  border-radius: var(--st-base-radius, 0.4rem); background: var(--st-secondary-background-color);
  color: var(--st-text-color); }
#told { font-size: 0.87rem; color: light-dark(#55647a, #93a4b0); }
"""
JS = """
export default function ({ data, parentElement, setTriggerValue }) {
  const find = (name) => parentElement.querySelector('#' + name)
  const copy = find('copy'), shown = find('shown'), link = find('link'), told = find('told')
  const place = new URL(data.path, location.origin + location.pathname.replace(/[^/]*$/, '')).href
  if (link.value !== place) { link.value = place; shown.hidden = true }
  link.onfocus = () => link.select()
  copy.onclick = async () => {
    shown.hidden = false
    let done = false
    try { await navigator.clipboard.writeText(place); done = true } catch (refused) {
      link.select()
      try { done = document.execCommand('copy') } catch (refusedAgain) { done = false }
    }
    told.textContent = done ? 'Copied. Whoever opens it sees exactly these numbers.' : 'Select the link and copy it.'
    setTriggerValue('copied', place)
  }
}
"""
_button = st.components.v2.component("understudy_copy_link", html=HTML, css=CSS, js=JS)


def copy_link(path: str, key: str, on_copied: Callable[[], Any]) -> None:
    """A button that copies the address of `path` beside this page, and calls `on_copied` when it was pressed."""
    _button(key=key, data={"path": path}, on_copied_change=on_copied)
