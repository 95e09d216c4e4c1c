"""What the README shows is run as it stands: its commands and its Python; what it names is there."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parent.parent
TEXT = (PROJECT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    """The blocks of code of one language."""
    return re.findall(rf"^```{language}\n(.*?)^```", TEXT, re.S | re.M)


def test_each_command_runs(built_store: Path, tmp_path: Path) -> None:
    commands = [line for block in blocks("sh") for line in block.splitlines() if line.strip()]
    assert len(commands) > 8
    for command in commands:
        program, *words = shlex.split(command, comments=True)
        assert program == "python", command
        # a second twin is in the store from 'create' on, so each command says which it means
        own, store = "--store" in words, built_store
        if own:
            place = words.index("--store")
            words, store = words[:place] + words[place + 2 :], tmp_path / words[place + 1]
        apart = own or "--twin" in words or words[2] in ("demo", "twins", "create", "delete")
        words += ["--store", str(store)] if apart else ["--store", str(store), "--twin", "gift-shop"]
        done = subprocess.run([sys.executable, *words], cwd=PROJECT, capture_output=True, text=True)
        assert done.returncode == 0, (command, done.stderr)
        assert done.stdout.strip(), command


def test_the_python_runs(built_store: Path, tmp_path: Path) -> None:
    (code,) = blocks("python")
    script = tmp_path / "example.py"
    script.write_text(code.replace('Twin.open("gift-shop")', f'Twin.open("gift-shop", store={str(built_store)!r})'))
    environment = {"PYTHONPATH": str(PROJECT), "PATH": "/usr/bin:/bin"}
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr
    verdicts = ("better", "worse", "too small to matter", "no clear difference")
    assert done.stdout.strip() in verdicts


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\]\((?!https?:)([^)#]+)", TEXT))))
def test_each_link_leads_somewhere(target: str) -> None:
    assert (PROJECT / target).exists()


def test_each_make_target_exists() -> None:
    makefile = (PROJECT / "Makefile").read_text(encoding="utf-8")
    for target in set(re.findall(r"\bmake (run|test|share|check|bench|proof|setup|screenshots)\b", TEXT)):
        assert re.search(rf"^{target}:", makefile, re.M), target
