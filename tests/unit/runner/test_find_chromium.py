"""Where the browser tests get their Chromium from, on machines made of small scripts."""

import time
from dataclasses import replace

import pytest

from tests.__main__ import without_browser
from tests.find_chromium import Machine, NoChromiumError

RUNS = "echo Chromium 1.0"
FAILS = "exit 1"
SUDO = '[ "$2" = true ] || { shift; exec "$@"; }'


class Scripts:
    """Programs of a machine, each of which notes its calls."""

    def __init__(self, folder):
        self.folder = folder
        self.programs = folder / "bin"
        self.elsewhere = folder / "elsewhere"
        self.cache = folder / "cache"
        for each in (self.programs, self.elsewhere, self.cache):
            each.mkdir()
        self.told = []

    def write(self, name, lines=RUNS, folder=None):
        script = (folder or self.programs) / name
        script.write_text(f'#!/bin/sh\necho "{name} $*" >> "{self.folder}/calls"\n{lines}\n')
        script.chmod(0o755)
        return script

    def brings(self, name, folder=None, lines=RUNS):
        """Return the line of a script that installs a program."""
        made = self.write(f"{name}-package", lines, self.folder)
        return f'/bin/cp -p "{made}" "{folder or self.programs}/{name}"'

    def playwright(self, download=FAILS):
        plan = f'echo "  Install location:    {self.cache}"'
        self.write("playwright", f'case "$*" in *--dry-run*) {plan};; *) {download};; esac')

    def machine(self, *, administrator=False, **environment):
        return Machine(
            environment={"PATH": str(self.programs)} | environment,
            places=(str(self.elsewhere),),
            applications=(),
            playwright=("playwright",),
            administrator=administrator,
        )

    def fetched(self, **options):
        return self.machine(**options).fetch(self.told.append)

    def calls(self):
        return (self.folder / "calls").read_text().splitlines()


@pytest.fixture
def scripts(tmp_path):
    made = Scripts(tmp_path)
    made.playwright()
    return made


def test_the_program_that_is_named_comes_first(scripts, tmp_path):
    scripts.write("chromium")
    own = scripts.write("own", folder=tmp_path)

    assert scripts.fetched(CHROMIUM=str(own)) == own


@pytest.mark.parametrize("lines", [FAILS, None])
def test_a_named_program_that_does_not_run_is_said_and_nothing_else_is_tried(scripts, lines):
    scripts.write("chromium")
    named = scripts.write("own", lines) if lines else scripts.folder / "absent"

    with pytest.raises(NoChromiumError, match=f"CHROMIUM={named} does not run: install Chromium"):
        scripts.fetched(CHROMIUM=str(named))
    assert scripts.told == []


@pytest.mark.parametrize("name", ["chromium", "chromium-browser", "google-chrome"])
def test_an_installed_one_is_taken_and_nothing_is_fetched(scripts, name):
    there = scripts.write(name)

    assert scripts.fetched(administrator=True) == there
    assert scripts.told == []


def test_an_installed_headless_shell_comes_before_a_whole_chromium(scripts):
    whole = scripts.write("chromium")
    shell = scripts.write("chromium-headless-shell")

    assert scripts.fetched() == shell
    assert scripts.machine(CHROMIUM=str(shell)).find_whole() == whole


def test_the_program_that_is_named_is_the_whole_chromium_if_it_is_one(scripts, tmp_path):
    scripts.write("chromium")
    own = scripts.write("own", folder=tmp_path)

    assert scripts.machine(CHROMIUM=str(own)).find_whole() == own


def test_a_headless_shell_alone_is_no_whole_chromium(scripts):
    scripts.write("chromium-headless-shell")
    scripts.write("chrome-headless-shell", folder=scripts.cache)

    assert scripts.machine().find_whole() is None


def test_a_headless_shell_is_installed_beside_a_chromium_when_it_is_wanted(scripts):
    scripts.write("chromium")
    brings = scripts.brings("chromium-headless-shell")
    scripts.write("apt-get", f'case "$*" in *install*headless-shell*) {brings};; esac')

    shell = scripts.programs / "chromium-headless-shell"
    assert scripts.fetched(administrator=True, HEADLESS_SHELL="1") == shell
    assert len(scripts.told) == 1


@pytest.mark.parametrize(
    "options",
    [
        {"administrator": True},
        {"HEADLESS_SHELL": "1"},
        {"administrator": True, "HEADLESS_SHELL": "0"},
        {"administrator": True, "HEADLESS_SHELL": "1", "CHROMIUM": "chromium"},
    ],
)
def test_nothing_is_installed_beside_a_chromium_unless_wanted_and_allowed(scripts, options):
    there = scripts.write("chromium")
    scripts.write("apt-get", scripts.brings("chromium-headless-shell"))

    assert scripts.fetched(**options).name == there.name
    assert scripts.told == []


@pytest.mark.parametrize("lines", [FAILS, "exit 0"])
def test_without_the_package_of_the_shell_the_installed_chromium_is_taken(scripts, lines):
    there = scripts.write("chromium")
    scripts.write("apt-get", lines)

    assert scripts.fetched(administrator=True, HEADLESS_SHELL="1") == there


def test_a_chromium_that_had_to_be_fetched_gets_the_shell_beside_it_too(scripts):
    whole, shell = scripts.brings("chromium"), scripts.brings("chromium-headless-shell")
    scripts.write(
        "apt-get",
        f'case "$*" in *headless-shell*) {shell};; *install*) {whole};; esac',
    )

    machine = scripts.machine(administrator=True, HEADLESS_SHELL="1")
    assert machine.fetch(scripts.told.append).name == "chromium-headless-shell"
    assert machine.find_whole() == scripts.programs / "chromium"


def test_usual_places_are_looked_into_when_path_has_none(scripts):
    there = scripts.write("google-chrome", folder=scripts.elsewhere)

    assert scripts.fetched() == there


def test_a_stub_that_only_names_another_package_is_passed_over(scripts):
    scripts.write("chromium-browser", "echo 'requires the chromium snap' >&2\nexit 10")
    there = scripts.write("google-chrome")

    assert scripts.fetched() == there


def test_a_program_that_hangs_is_passed_over(scripts):
    scripts.write("chromium", "/bin/sleep 60")
    there = scripts.write("google-chrome")
    began = time.monotonic()

    assert replace(scripts.machine(), look_seconds=1).find() == there
    assert time.monotonic() - began < 30


def test_what_playwright_has_downloaded_before_is_taken(scripts):
    there = scripts.write("chrome-headless-shell", folder=scripts.cache)

    assert scripts.fetched() == there
    assert scripts.told == []


def test_playwrights_download_is_tried_before_any_package(scripts):
    scripts.playwright(scripts.brings("headless_shell", scripts.cache))
    scripts.write("apt-get", scripts.brings("chromium"))

    assert scripts.fetched(administrator=True) == scripts.cache / "headless_shell"
    assert not any(call.startswith("apt-get") for call in scripts.calls())


def test_a_download_that_does_not_run_here_is_no_end(scripts):
    scripts.playwright(scripts.brings("headless_shell", scripts.cache, "exit 127"))
    scripts.write("apt-get", scripts.brings("chromium"))

    assert scripts.fetched(administrator=True) == scripts.programs / "chromium"


def test_an_administrator_gets_the_package(scripts):
    scripts.write("apt-get", f'case "$*" in *install*) {scripts.brings("chromium")};; esac')

    assert scripts.fetched(administrator=True) == scripts.programs / "chromium"
    assert [call.split()[-1] for call in scripts.calls() if call.startswith("apt-get")] == [
        "update",
        "fonts-dejavu-core",
    ]
    assert len(scripts.told) == 2


def test_someone_with_sudo_and_no_password_to_type_gets_the_package(scripts):
    scripts.write("dnf", scripts.brings("chromium-browser"))
    scripts.write("sudo", SUDO)

    assert scripts.fetched() == scripts.programs / "chromium-browser"
    assert "sudo -n true" in scripts.calls()


@pytest.mark.parametrize("sudo", ["echo a password is required\nexit 1", None])
def test_nobody_else_installs_anything(scripts, sudo):
    scripts.write("apt-get", scripts.brings("chromium"))
    if sudo:
        scripts.write("sudo", sudo)

    with pytest.raises(NoChromiumError, match="Chromium is missing, and could not be fetched: in"):
        scripts.fetched()
    assert not any(call.startswith("apt-get") for call in scripts.calls())


@pytest.mark.parametrize("lines", [FAILS, "exit 0"])
def test_a_package_that_brings_none_is_said_in_one_line(scripts, lines):
    scripts.write("apt-get", lines)

    with pytest.raises(NoChromiumError) as missing:
        scripts.fetched(administrator=True)
    assert "\n" not in str(missing.value)


@pytest.mark.parametrize(
    ("arguments", "mark"),
    [
        (["-q"], "not browser"),
        (["-q", "-m", "models"], "(models) and not browser"),
        (["-m", "models or local", "-q"], "(models or local) and not browser"),
    ],
)
def test_browser_tests_are_left_out_beside_the_marks_that_were_chosen(arguments, mark):
    assert without_browser(arguments) == ["-m", mark]
