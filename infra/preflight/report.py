"""Run the checks one after the other; a check that cannot be made does not stop the rest."""

from collections.abc import Callable, Iterator
from functools import partial

from botocore import exceptions

from infra.preflight import domain_checks, environment_checks, limit_checks, name_checks
from infra.preflight.account import Account
from infra.preflight.lines import Level, Line, unknown
from infra.preflight.name_checks import Name, SynthesisFailed
from infra.settings import Settings

Check = Callable[[], Iterator[Line]]
_DENIED = frozenset({"AccessDenied", "AccessDeniedException", "UnauthorizedOperation"})


def check_deployment(
    account: Account, settings: Settings, names: Callable[[], list[Name]]
) -> Iterator[Line]:
    """Yield the lines of the report.

    Args:
        account: the account and region.
        settings: the stage.
        names: returns the names that the stage's templates give.

    Raises:
        ClientError: the credentials are not accepted.
        BotoCoreError: there are no credentials.
    """
    # Without credentials, nothing else can be found out.
    yield from environment_checks.check_identity(account)
    checks: dict[str, Check] = {
        "region": partial(environment_checks.check_region, account),
        "bootstrap": partial(environment_checks.check_bootstrap, account),
        "stacks": partial(name_checks.check_stacks, account, settings),
        "names": lambda: name_checks.check_names(account, settings, names()),
        "domains": partial(domain_checks.check_domains, account, settings),
        "CloudFront": partial(limit_checks.check_cloudfront, account),
        "CloudFront policies": partial(limit_checks.check_policies, account),
        "Lambda concurrency": partial(limit_checks.check_concurrency, account, settings),
        "API calls": partial(limit_checks.check_call_rate, account, settings),
        "IAM roles": partial(limit_checks.check_roles, account),
    }
    for name, check in checks.items():
        yield from _lines_of(name, check, account)


def _lines_of(name: str, check: Check, account: Account) -> Iterator[Line]:
    try:
        yield from check()
    except exceptions.ClientError as error:
        code = str(error.response["Error"].get("Code"))
        if code in _DENIED:
            text = f"your AWS identity may not call {error.operation_name}"
            yield unknown(name, text, "Run this with the identity that deploys.")
        else:
            yield unknown(name, _cannot(account, f"{error.operation_name} failed: {code}"))
    except SynthesisFailed as error:
        yield unknown(name, f"the templates could not be written: {error}", "Run make synth.")
    except (exceptions.BotoCoreError, KeyError, TypeError, ValueError) as error:
        yield unknown(name, _cannot(account, f"{type(error).__name__}: {error}"))


def _cannot(account: Account, reason: str) -> str:
    return f"the emulator cannot tell ({reason})" if account.local else reason


def exit_code(lines: list[Line]) -> int:
    """Return 1 if something blocks the deployment, otherwise 0."""
    return int(any(line.level is Level.BLOCKS for line in lines))
