"""Entry of the CDK app; run by the CDK CLI as ``python -m infra.app``."""

import sys
from typing import Any

from aws_cdk import App, CliCredentialsStackSynthesizer, Environment, IStackSynthesizer, Tags
from aws_cdk import Validations
from cdk_nag import AwsSolutionsChecks

from infra.settings import InvalidSettings, Settings, settings_from_context
from infra.stacks.data_stack import DataStack
from infra.stacks.service_stack import ServiceStack

CONTEXT_KEYS = ("stage", "stages", "emulator_port")


def build_app(app: App) -> App:
    """Add the stacks of the stage that the app's context asks for."""
    context = {key: app.node.try_get_context(key) for key in CONTEXT_KEYS}
    settings = settings_from_context(context)
    data = DataStack(app, settings.data_stack_name, settings=settings, **_stack_options(settings))
    ServiceStack(
        app,
        settings.service_stack_name,
        settings=settings,
        data=data,
        **_stack_options(settings),
    )
    Tags.of(app).add("application", "websocket-spaces")
    Tags.of(app).add("stage", settings.stage)
    Validations.of(app).add_plugins(AwsSolutionsChecks(app))
    return app


def _stack_options(settings: Settings) -> dict[str, Any]:
    if not settings.local:
        return {}
    environment = Environment(account="000000000000", region="us-east-1")
    # The emulator refuses the asset-publishing role of the default synthesizer.
    synthesizer: IStackSynthesizer = CliCredentialsStackSynthesizer()
    return {"env": environment, "synthesizer": synthesizer}


def main() -> None:
    """Synthesize; wrong settings end with a sentence instead of a traceback."""
    try:
        build_app(App()).synth()
    except InvalidSettings as error:
        sys.exit(f"Invalid settings: {error}")


if __name__ == "__main__":
    main()
