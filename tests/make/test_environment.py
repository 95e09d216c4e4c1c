"""Setting up: repeated it does nothing, interrupted it mends."""

import os
import subprocess
from pathlib import Path

import pytest

from make import environment
from make.words import Stopped


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A virtual environment in which pip was killed while it wrote the package `half`."""
    monkeypatch.setattr(environment, "VENV", tmp_path)
    monkeypatch.setattr(environment, "BUSY", tmp_path / "installing")
    folder = tmp_path / "lib" / "python3.11" / "site-packages"
    for name, files in {"whole": ["whole.py"], "half": ["half.py", "lost.py"]}.items():
        record = folder / f"{name}-1.0.dist-info"
        record.mkdir(parents=True)
        (record / "METADATA").write_text(f"Name: {name}\nVersion: 1.0\n")
        (record / "RECORD").write_text("".join(f"{file},,\n" for file in files))
        (folder / files[0]).write_text("")
    environment.BUSY.write_text("")
    return folder


def test_after_an_interruption_only_torn_packages_are_installed_again(site: Path) -> None:
    (site / "~orn").mkdir()
    environment.mend()
    assert sorted(path.name for path in site.glob("*")) == ["half.py", "whole-1.0.dist-info", "whole.py"]
    assert not environment.BUSY.exists()


def test_a_package_without_a_list_of_its_files_is_torn(site: Path) -> None:
    (site / "whole-1.0.dist-info" / "RECORD").unlink()
    assert len(environment.broken_packages(site)) == 2


def test_an_interruption_makes_the_stamps_void(site: Path, tmp_path: Path) -> None:
    requirements = tmp_path / "requirements.txt"
    requirements.write_text("whole==1.0\n")
    environment.stamp(requirements).write_text(environment.digest(requirements))
    assert environment.is_installed(requirements)
    environment.mend()
    assert not environment.is_installed(requirements)


def test_changed_requirements_are_installed_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "VENV", tmp_path)
    requirements = tmp_path / "requirements.txt"
    requirements.write_text("whole==1.0\n")
    environment.stamp(requirements).write_text(environment.digest(requirements))
    requirements.write_text("whole==1.1\n")
    assert not environment.is_installed(requirements)


def test_where_python_lacks_venv_a_person_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    lacking = subprocess.CompletedProcess([], returncode=1)
    monkeypatch.setattr(environment, "run", lambda command: lacking)
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    with pytest.raises(Stopped, match=r"sudo apt-get install python3\.\d+-venv"):
        environment.ensure_venv_module()


@pytest.mark.parametrize("version", ["3.9", "3.15"])
def test_a_machine_without_a_fitting_python_is_told_so(tmp_path: Path, version: str) -> None:
    for name in ("python3", *(f"python3.{minor}" for minor in range(11, 15))):
        stub = tmp_path / name
        stub.write_text(f'#!/bin/sh\n[ "$1" = --version ] && echo "Python {version}" && exit 0\nexit 1\n')
        stub.chmod(0o755)
    script = environment.ROOT / "make" / "python.sh"
    path = {**os.environ, "PATH": f"{tmp_path}:/usr/bin:/bin"}
    done = subprocess.run(["sh", script, "-V"], cwd=tmp_path, env=path, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert f"needs Python 3.11, 3.12, 3.13 or 3.14, and this machine has Python {version}" in done.stderr


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_requirements_are_pinned_and_name_no_host(name: str) -> None:
    lines = (environment.ROOT / name).read_text().splitlines()
    pins = [line for line in lines if line and not line.lstrip().startswith("#")]
    assert pins
    assert all("==" in line.split(";")[0] for line in pins)
    assert not any("://" in line or line.startswith("-") for line in lines)
