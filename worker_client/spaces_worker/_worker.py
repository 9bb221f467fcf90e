"""The `Worker` class, the Python interface of the client."""

import asyncio
import contextlib
import contextvars
import dataclasses
import functools
import logging
import secrets
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, Self, TypeVar
from urllib.parse import urlsplit

from spaces_worker._connection.backoff import Backoff, ReconnectDelay
from spaces_worker._engine import Ending, Engine
from spaces_worker._environment.certificates import tls_context
from spaces_worker._errors import FunctionError, SettingsError
from spaces_worker._functions.examples import (
    DeclaredExample,
    check_examples_size,
    declare_examples,
)
from spaces_worker._functions.functions import (
    Function,
    RegisteredFunction,
    WorkerDeclaration,
    prepare_function,
)
from spaces_worker._functions.params import Model, check_total_size, declare_params
from spaces_worker._log import LOGGER_NAME, wing_logger
from spaces_worker._runtime.daemon_executor import DaemonThreadPoolExecutor
from spaces_worker._runtime.signals import on_signals
from spaces_worker._session.session import Session
from spaces_worker._settings import Settings, checked_concurrency, load_settings
from spaces_worker._status.activity import Activity
from spaces_worker._status.log_handlers import configure_logging, status_line
from spaces_worker._status.reporter import displays_of, report_activity
from spaces_worker._status.terminal_output import print_above
from spaces_worker._version import AGENT

F = TypeVar("F", bound=Function)

_logger: Final = wing_logger(__name__)
_created: Final[contextvars.ContextVar[list["Worker"] | None]] = contextvars.ContextVar(
    "created", default=None
)
"""Workers created by the file that the command is importing; None if it imports none."""


class Worker:
    """Connects functions to spaces of a gateway.

    ::

        worker = Worker("wss://…", "wst_…")


        @worker.space("shout")
        def shout(prompt: str) -> str:
            return prompt.upper()


        worker.run()

    Arguments you omit are read from ``SPACES_URL``, ``SPACES_TOKEN``, ``SPACES_WORKER_ID``,
    ``SPACES_CONCURRENCY``, ``SPACES_STATE_DIR``, ``SPACES_CA_FILE`` or the config file.
    """

    def __init__(
        self,
        url: str | None = None,
        token: str | None = None,
        *,
        worker_id: str | None = None,
        concurrency: int | None = None,
        state_dir: Path | None = None,
        ca_file: Path | None = None,
        config: Path | None = None,
        reconnect_delay: ReconnectDelay | None = None,
    ) -> None:
        self._options: dict[str, object] = {
            "url": url,
            "token": token,
            "worker_id": worker_id,
            "concurrency": concurrency,
            "state_dir": state_dir,
            "ca_file": ca_file,
        }
        self._config = config
        self._checked_settings: Settings | None = None
        self._watched = False
        self._reconnect_delay = reconnect_delay or Backoff()
        self._functions: dict[str, RegisteredFunction] = {}
        self._lock = threading.Lock()
        self._serving: tuple[asyncio.AbstractEventLoop, Engine] | None = None
        self._pending_calls: list[Callable[[Engine], None]] = []
        self._activity = Activity()
        created = _created.get()
        if created is not None:
            created.append(self)

    def configured(
        self,
        settings: Settings,
        functions: Mapping[str, RegisteredFunction],
        *,
        watched: bool = False,
    ) -> Self:
        """Use settings that are already loaded and checked, and these functions.

        Args:
            settings: the settings.
            functions: the functions, by space.
            watched: whether a person watches, so that `serve` ends with a `SettingsError` if the
                token is refused at the start.
        """
        self._watched = watched
        self._checked_settings = settings
        self._functions = dict(functions)
        return self

    @property
    def declared(self) -> WorkerDeclaration:
        """The functions and settings that this worker was given in code."""
        return WorkerDeclaration(dict(self._functions), self._options)

    def space(
        self,
        *names: str,
        concurrency: int | None = None,
        params: Model | None = None,
        examples: Sequence[DeclaredExample] = (),
    ) -> Callable[[F], F]:
        """Return a decorator that registers a function for one or more spaces.

        Args:
            names: the spaces.
            concurrency: how many requests of each space run at the same time, within the worker's
                own limit. By default, only the worker's limit applies.
            params: the options of the function in addition to prompt and files, as a msgspec
                Struct, dataclass, TypedDict, pydantic model or JSON Schema. The page builds its
                form from it, and ``context.params`` is validated against it and converted to it.
                You can omit it if the function's parameter ``params`` has such an annotation.
            examples: inputs that the page offers: prompts, or objects with ``title``, ``prompt``,
                ``params``, ``files`` (paths, relative to the current folder) or ``messages``.

        Raises:
            FunctionError: the function cannot be called with prompt, context and params;
                ``params`` is not a model or is declared twice; an example is wrong; or a space
                already has a function.
            SettingsError: ``concurrency`` is out of range.
        """
        declared = None if params is None else declare_params(params)
        most = None if concurrency is None else checked_concurrency(concurrency)

        def register(function: F) -> F:
            prepared = prepare_function(function, declared)
            registered = dataclasses.replace(
                prepared, concurrency=most, examples=declare_examples(examples, prepared.params)
            )
            for name in names:
                self._check_unregistered(name, function)
            self._functions.update(dict.fromkeys(names, registered))
            return function

        return register

    def run(self) -> Ending:
        """Serve until the first SIGINT, SIGTERM or SIGHUP (drain) or the second (stop).

        Log lines go to stderr unless the program has configured logging itself. While
        ``spaces-worker run --function`` imports the file, this method does nothing, because the
        command serves. Outside the main thread there are no signals; call `drain` or `stop`.

        Raises:
            SettingsError: a setting is missing or invalid.
        """
        if _created.get() is not None:
            return Ending.DRAINED
        if not logging.getLogger().handlers and not logging.getLogger(LOGGER_NAME).handlers:
            configure_logging()
        return asyncio.run(self._serve_with_signals())

    async def serve(self) -> Ending:
        """Serve until `drain` or `stop` is called, or the task is cancelled.

        Raises:
            SettingsError: a setting is missing or invalid.
            FunctionError: the params schemas or the examples of all spaces are too large to send
                to the gateway.
        """
        settings = self._settings()
        schemas = {
            space: registered.params.schema
            for space, registered in self._functions.items()
            if registered.params is not None
        }
        check_total_size(schemas)
        examples = {space: each.examples.inputs for space, each in self._functions.items()}
        check_examples_size(examples)
        session = Session(
            spaces=settings.spaces,
            session_id=secrets.token_urlsafe(12),
            capacity=self._capacity(settings),
            caps={
                space: registered.concurrency
                for space, registered in self._functions.items()
                if registered.concurrency is not None
            },
            params_schemas=schemas,
            endpoints={space: each.endpoints for space, each in self._functions.items()},
            examples=examples,
            agent=AGENT,
        )
        certificates = functools.cache(functools.partial(tls_context, settings.ca_file))
        if settings.ca_file is not None:
            certificates()  # report a bad file now, not at the first connection
        _warn_if_readable(settings.url)
        engine = Engine(
            session,
            self._functions,
            settings,
            self._reconnect_delay,
            certificates,
            self._activity,
            watched=self._watched,
        )
        with (
            self._reachable(engine),
            print_above(status_line()),
            report_activity(self._activity, displays_of(settings)),
        ):
            return await engine.run()

    def drain(self) -> None:
        """Finish running requests and accept no new ones; `serve` returns once they are delivered.

        You can call it from any thread. If `serve` has not begun, it takes effect when it does.
        """
        self._call_engine(Engine.drain)

    def stop(self) -> None:
        """Make `serve` return at once and return unfinished requests to the queue.

        You can call it from any thread. If `serve` has not begun, it takes effect when it does.
        """
        self._call_engine(Engine.stop)

    def _call_engine(self, call: Callable[[Engine], None]) -> None:
        with self._lock:
            if self._serving is None:
                self._pending_calls.append(call)
                return
            loop, engine = self._serving
        with contextlib.suppress(RuntimeError):  # the loop is already closed
            loop.call_soon_threadsafe(call, engine)

    @contextlib.contextmanager
    def _reachable(self, engine: Engine) -> Iterator[None]:
        """Let calls reach the engine, including those made before it existed."""
        with self._lock:
            self._serving = asyncio.get_running_loop(), engine
            pending, self._pending_calls = self._pending_calls, []
        for call in pending:
            call(engine)
        try:
            yield
        finally:
            with self._lock:
                self._serving = None

    def _check_unregistered(self, space: str, function: Function) -> None:
        other = self._functions.get(space)
        if other is not None:
            raise FunctionError(
                f"The space {space} has two functions: {_name(other.function)} and "
                f"{_name(function)}. Use a separate space, or a separate Worker, for each."
            )

    async def _serve_with_signals(self) -> Ending:
        asyncio.get_running_loop().set_default_executor(DaemonThreadPoolExecutor())
        with on_signals(self._first_signal, self.stop):
            return await self.serve()

    def _first_signal(self) -> None:
        _logger.info("Finishing running requests. Press Ctrl-C again to stop immediately.")
        self.drain()

    def _capacity(self, settings: Settings) -> int:
        """Return how many requests can run at once, given the limits of worker and spaces."""
        limit = settings.concurrency
        return min(limit, sum(each.concurrency or limit for each in self._functions.values()))

    def _settings(self) -> Settings:
        if not self._functions:
            raise SettingsError(
                'No function is registered. Decorate one with @worker.space("name").'
            )
        spaces = tuple(self._functions)
        if self._checked_settings is not None:
            return dataclasses.replace(self._checked_settings, spaces=spaces)
        options = {**self._options, "spaces": spaces}
        return load_settings(options, config=self._config, option_prefix="")


@contextlib.contextmanager
def created_workers() -> Iterator[list[Worker]]:
    """Collect the workers that a file imported in this block creates; `run` of each is a no-op."""
    created: list[Worker] = []
    token = _created.set(created)
    try:
        yield created
    finally:
        _created.reset(token)


def _name(function: Function) -> str:
    return str(getattr(function, "__qualname__", repr(function)))


def _warn_if_readable(url: str) -> None:
    parts = urlsplit(url)
    host = parts.hostname or ""
    local = host in {"localhost", "127.0.0.1", "::1"} or host.endswith(".localhost")
    if parts.scheme == "ws" and not local:
        _logger.warning("The token is sent unencrypted to %s. Use wss:// if possible.", host)
