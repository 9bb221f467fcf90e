"""What the tests' Chromium leaves out, beside what Playwright leaves out of every Chromium."""

import re
from importlib.resources import files

from tests.chromium_flags import ADDRESS_BAR, PLAYWRIGHTS_OWN, QUIET

SWITCHES = re.compile(r"^ *disabledFeatures = \[\n(.*?)^ *\]", re.MULTILINE | re.DOTALL)


def test_what_playwright_turns_off_stays_off():
    bundle = files("playwright") / "driver/package/lib/coreBundle.js"
    listed = SWITCHES.search(bundle.read_text("utf-8"))[1]

    assert set(re.findall(r'^ *"(\w+)"', listed, re.MULTILINE)) == set(PLAYWRIGHTS_OWN)


def test_chromium_gets_one_list_of_features():
    (given,) = [flag for flag in QUIET if flag.startswith("--disable-features=")]

    assert set(given.partition("=")[2].split(",")) == {*PLAYWRIGHTS_OWN, *ADDRESS_BAR}
