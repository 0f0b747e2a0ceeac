"""The wheel carries its data: in an empty environment, outside the checkout, it gives the checkout's own answers."""

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
IN_CI = os.environ.get("CI") == "true"
# Neither the checkout nor a user's settings may reach into the other environment.
CLEAN_ENV = {name: value for name, value in os.environ.items() if not name.startswith(("KG_", "PYTHON"))}
CLEAN_ENV.pop("SOURCE_DATE_EPOCH", None)
CLEAN_ENV["PYTHONUTF8"] = "1"

QUESTIONS = [
    ("overlap", "AI Engineer", "Machine Learning Engineer", "--source", "article"),
    ("show", "AI-102"),
]


def run(*command: str | Path, cwd: Path) -> str:
    done = subprocess.run(command, cwd=cwd, env=CLEAN_ENV, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, f"{command} left {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the sdist, and the wheel from it, as a release does, so that the sdist is known to be complete too."""
    out = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", out, ROOT, cwd=out)
    return out


@pytest.fixture(scope="module")
def wheel(dist: Path) -> Path:
    (built,) = dist.glob("career_kg-*.whl")
    return built


@pytest.fixture(scope="module")
def sdist(dist: Path) -> Path:
    (built,) = dist.glob("career_kg-*.tar.gz")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel with its dependencies into an empty environment, and return its folder of programs."""
    home = tmp_path_factory.mktemp("elsewhere") / "venv"
    venv.create(home)  # pip works on it from outside
    bin_ = home / ("Scripts" if os.name == "nt" else "bin")
    pip = [sys.executable, "-m", "pip", "--python", str(bin_ / "python"), "--disable-pip-version-check", "install"]
    done = subprocess.run([*pip, "--quiet", wheel], env=CLEAN_ENV, capture_output=True, encoding="utf-8")
    if "(from versions: none)" in done.stderr and not IN_CI:
        pytest.skip("no package index within reach to install the wheel's dependencies from")
    assert done.returncode == 0, done.stderr
    return bin_


def test_wheel_carries_ontology_dataset_and_licences(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {"kg/py.typed", "kg/data/career-kg.trig"} <= names
    ontology = {path.relative_to(ROOT) for path in (ROOT / "ontology").rglob("*") if path.is_file()}
    assert Path("ontology/kg.ttl") in ontology
    assert {f"kg/data/{path.as_posix()}" for path in ontology} <= names
    licences = {name.rpartition("/")[2] for name in names if ".dist-info/licenses/" in name}
    assert licences == {"LICENSE", "NOTICE"}


def test_wheel_carries_nothing_else(wheel: Path) -> None:
    tops = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"kg"}


def test_wheel_carries_every_file_of_the_package(wheel: Path) -> None:
    """Schemas, queries, templates and the vendored editor as well as the code; of exports/, the dataset alone."""
    names = set(zipfile.ZipFile(wheel).namelist())
    package = {path.relative_to(ROOT).as_posix() for path in (ROOT / "kg").rglob("*") if path.is_file()}
    package = {name for name in package if "__pycache__" not in name}
    assert {"kg/queries/gap.rq", "kg/web/vendor/yasqe/yasqe.min.js"} < package
    assert {name for name in names if name.startswith("kg/") and not name.startswith("kg/data/")} == package
    data = {name for name in names if name.startswith("kg/data/") and not name.startswith("kg/data/ontology/")}
    assert data == {"kg/data/career-kg.trig"}


def test_sdist_carries_every_tracked_file(sdist: Path) -> None:
    """So its tests run as those of a checkout do."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("no git checkout to compare with")
    tracked = set(run("git", "ls-files", "-z", cwd=ROOT).rstrip("\0").split("\0"))
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert tracked - names == set()


def test_every_build_gives_the_same_bytes(dist: Path, sdist: Path, tmp_path: Path) -> None:
    """Outside git, in a folder of another name: what a release holds can be checked by building it again."""
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path, filter="data")
    (unpacked,) = tmp_path.iterdir()
    (unpacked / "PKG-INFO").unlink()  # written by the first build, and no part of the tree
    again = tmp_path / "again"
    run(
        sys.executable, "-m", "build", "--no-isolation", "--sdist", "--wheel", "--outdir", again, unpacked, cwd=tmp_path
    )
    sums = [{path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in at.iterdir()} for at in (dist, again)]
    assert len(sums[0]) == 2
    assert sums[0] == sums[1]


def test_installed_wheel_is_the_one_asked(installed: Path, tmp_path: Path) -> None:
    found = Path(run(installed / "python", "-c", "import kg; print(kg.__file__)", cwd=tmp_path).strip())
    assert found.is_relative_to(installed.parent)


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: " ".join(question))
def test_installed_wheel_gives_the_answers_of_the_checkout(
    question: tuple[str, ...], installed: Path, tmp_path: Path
) -> None:
    asked = (*question, "--as-of", "2026-11-22", "--format", "json")
    from_wheel = run(installed / "kg", *asked, cwd=tmp_path)
    from_checkout = run(
        sys.executable, "-c", "import sys; from kg.cli.app import main; sys.exit(main())", *asked, cwd=ROOT
    )
    assert from_wheel == from_checkout


@pytest.mark.slow
def test_installed_wheel_writes_the_dataset_of_the_checkout(installed: Path, tmp_path: Path) -> None:
    run(installed / "kg", "build", "-o", tmp_path / "exports", cwd=tmp_path)
    written = (tmp_path / "exports" / "career-kg.trig").read_bytes()
    assert written == (ROOT / "exports" / "career-kg.trig").read_bytes()


def test_installed_wheel_tells_which_extra_serves(installed: Path, tmp_path: Path) -> None:
    assert "--port" in run(installed / "kg", "serve", "--help", cwd=tmp_path)
    done = subprocess.run(
        [installed / "kg", "serve"], cwd=tmp_path, env=CLEAN_ENV, capture_output=True, encoding="utf-8"
    )
    assert done.returncode == 2
    assert "pip install 'career-kg[serve]'" in done.stderr
