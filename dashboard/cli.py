"""The ``fullcircle`` command. Heavy imports stand inside the functions: the help answers at once."""

import io
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing, nullcontext
from datetime import UTC, datetime
from enum import StrEnum
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any, NoReturn, TypeVar

import typer

from dashboard.pipeline import as_json, drift_markdown, junit, markdown
from dashboard.supervisor import ONE_THREAD, PortTaken, choose_ports, end_with_supervisor, supervise
from dashboard.terminal import ImportProgress, columns_text, findings_text, imported_text

Value = TypeVar("Value")

DEFAULT_PORT = 8501
CANNOT = 2
"""The exit code where a command could not do what it was asked."""

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode=None)

Home = Annotated[Path | None, typer.Option(help="The folder that keeps everything.", show_default=False)]
Port = Annotated[
    int,
    typer.Option(min=0, max=65534, help="The dashboard's port; models are served on the next one. 0 finds free ones."),
]
NoBrowser = Annotated[bool, typer.Option("--no-browser", help="Do not open a browser.")]


class Format(StrEnum):
    """How a comparison is printed: for people, for programs, for a pipeline's page, or as a page of its own."""

    TEXT = "text"
    JSON = "json"
    MD = "md"
    HTML = "html"


class CheckFormat(StrEnum):
    """How what a check has found is printed: for people, for programs, for a pipeline's page."""

    TEXT = "text"
    JSON = "json"
    JUNIT = "junit"
    MD = "md"


def main() -> None:
    """Run the command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal that cannot show a letter shows another
            stream.reconfigure(errors="replace")
    end_with_supervisor()
    app(prog_name="fullcircle")


@app.callback(invoke_without_command=True)
def root(
    show_version: Annotated[bool, typer.Option("--version", help="Show the version.", is_eager=True)] = False,
) -> None:
    """Take a machine-learning project all the way round, from its success criterion to the retraining that meets it."""
    os.environ.update(ONE_THREAD)
    if show_version:
        typer.echo(f"fullcircle {version('fullcircle')}")
        raise typer.Exit


@app.command()
def up(home: Home = None, port: Port = DEFAULT_PORT, no_browser: NoBrowser = False) -> None:
    """Open the dashboard on your own workspace."""
    _supervise(_home(home, ".fullcircle"), port, browser=not no_browser)


@app.command()
def demo(
    home: Home = None,
    port: Port = DEFAULT_PORT,
    no_browser: NoBrowser = False,
    reset: Annotated[
        bool, typer.Option("--reset", help="Start the flights project afresh; other projects stay.")
    ] = False,
) -> None:
    """Open the dashboard on the flights project: real data, all six phases."""
    _supervise(
        _home(home, ".fullcircle-demo"),
        port,
        browser=not no_browser,
        worker=["--demo", "--reset"] if reset else ["--demo"],
    )


@app.command()
def web(home: Home = None, port: Annotated[int | None, typer.Option(help="The port.")] = None) -> None:
    """Serve the dashboard alone."""
    _enter(home, FULLCIRCLE_WEB_PORT=port)
    from core.settings import Settings
    from dashboard.server import serve

    _read(lambda: serve(Settings()))


@app.command()
def worker(
    home: Home = None,
    demo: Annotated[bool, typer.Option("--demo", help="Build the flights project where there is none.")] = False,
    reset: Annotated[bool, typer.Option("--reset", help="Build it afresh.")] = False,
) -> None:
    """Carry out background work alone."""
    _enter(home)
    from core.jobs.demo import ask_for_demo
    from core.jobs.worker import run
    from core.settings import Settings

    _read(lambda: run(Settings(), first=partial(ask_for_demo, fresh=reset) if demo else None))


@app.command()
def scorer(home: Home = None, port: Annotated[int | None, typer.Option(help="The port.")] = None) -> None:
    """Serve models alone, over the Open Inference Protocol."""
    os.environ["POLARS_MAX_THREADS"] = "1"
    _enter(home, FULLCIRCLE_SCORER_PORT=port)
    from core.scorer.run import serve
    from core.settings import Settings

    _read(lambda: serve(Settings()))


@app.command()
def validate(  # noqa: PLR0913 - the options of a command
    file: Annotated[Path, typer.Argument(help="A CSV, workbook, JSON, Parquet or Arrow file.")],
    contract: Annotated[Path | None, typer.Option(help="A contract that it has to keep.", show_default=False)] = None,
    reference: Annotated[Path | None, typer.Option(help="A file to compare it with.", show_default=False)] = None,
    label: Annotated[str | None, typer.Option(help="The column to predict.", show_default=False)] = None,
    form: Annotated[CheckFormat, typer.Option("--format", help="How to print it.")] = CheckFormat.TEXT,
    rows: Annotated[
        str | None, typer.Option(help="Print instead all rows of one finding as CSV: CHECK or CHECK:COLUMN.")
    ] = None,
) -> None:
    """Check a file: what is in it, and what is wrong with it. Ends with 1 where a finding is an error."""
    if rows is not None:
        _print_rows(file, rows, reference=reference, label=label)
        return
    report = _read(lambda: _checked(file, contract=contract, reference=reference, label=label))
    _print_report(report, _forms(file.name)[form])
    wrong = any(finding["severity"] == "error" and finding["status"] == "failed" for finding in report["findings"])
    raise typer.Exit(int(wrong))


def _print_rows(file: Path, which: str, *, reference: Path | None, label: str | None) -> None:
    from core.data.all_rows import rows_of_file
    from core.data.check import Beside
    from core.data.dataset import parts_by_name
    from core.data.report import opened_copy
    from core.frames.safe_csv import safe_csv

    def found() -> str:
        with opened_copy(reference) if reference else nullcontext((None, None)) as (before, _):
            parts = parts_by_name(reference.name, file.name) if reference else False
            beside = Beside(label=label, reference=before, other_part=parts)
            return safe_csv(rows_of_file(file, which, now=datetime.now(UTC), beside=beside)).decode()

    typer.echo(_read(found), nl=False)


def _checked(file: Path, *, contract: Path | None, reference: Path | None, label: str | None) -> Mapping[str, Any]:
    from core.data.check import Beside
    from core.data.contract.reading import read_contract
    from core.data.dataset import parts_by_name
    from core.data.report import opened_copy, validate_file

    now = datetime.now(UTC)
    agreed = read_contract(contract) if contract else None
    for sentence in agreed.left_out if agreed else ():
        typer.echo(f"{contract}: {sentence}", err=True)
    with opened_copy(reference) if reference else nullcontext((None, None)) as (before, _):
        parts = parts_by_name(reference.name, file.name) if reference else False
        beside = Beside(label=label, reference=before, other_part=parts)
        return validate_file(file, now=now, beside=beside, contract=agreed.contract if agreed else None)


def _forms(name: str) -> Mapping[CheckFormat, Callable[[Mapping[str, Any]], str]]:
    return {
        CheckFormat.TEXT: findings_text,
        CheckFormat.JSON: as_json,
        CheckFormat.JUNIT: lambda report: junit(report, name=name),
        CheckFormat.MD: lambda report: markdown(report, name=name),
    }


@app.command()
def drift(
    reference: Annotated[Path, typer.Argument(help="The file to compare with.")],
    current: Annotated[Path, typer.Argument(help="The newer file.")],
    form: Annotated[Format, typer.Option("--format", help="How to print it.")] = Format.TEXT,
) -> None:
    """Compare two files column by column. Ends with 1 where the data drifted."""
    from core.data.report import compare_files, compare_files_drawn, printed_comparison

    names = reference.name, current.name
    if form is Format.HTML:
        from dashboard.drift_page import drift_page

        report, distributions = _read(lambda: compare_files_drawn(reference, current))
        _print_report(report, lambda found: drift_page(found, distributions, names=names))
    else:
        report = _read(lambda: compare_files(reference, current))
        forms: Mapping[Format, Callable[[Mapping[str, Any]], str]] = {
            Format.TEXT: columns_text,
            Format.JSON: lambda found: as_json(printed_comparison(found)),
            Format.MD: lambda found: drift_markdown(found, names=names),
        }
        _print_report(report, forms[form])
    raise typer.Exit(int(report["verdict"] == "drifted"))


@app.command()
def labels(
    project: Annotated[str, typer.Argument(help="The project, as its address names it.")],
    file: Annotated[Path, typer.Argument(help="What turned out: entity_id, label and, where known, observed_at.")],
    home: Home = None,
) -> None:
    """Bring labels that came after their predictions. The same file again changes nothing."""
    _enter(home)
    import polars as pl

    from core.data.report import opened_copy
    from core.settings import Settings
    from core.workspace.workspace import Workspace

    def learned() -> int:
        workspace = Workspace.open(Settings())
        project_id = workspace.projects.get(project).id
        with opened_copy(file) as (table, _):
            return workspace.outcomes.learn(project_id, pl.read_parquet(table), name=file.name)

    count = _read(learned)
    typer.echo(f"{count:,} label{'s' * (count != 1)} learned." if count else "These labels were known already.")


@app.command()
def evaluate(
    file: Annotated[Path, typer.Argument(help="Predictions: id and score; for several classes predicted.")],
    project: Annotated[str, typer.Option(help="The project, as its address names it.")],
    home: Home = None,
) -> None:
    """Measure a file of predictions by what the project agreed. Exit with 1 where a criterion is not met."""
    _enter(home)
    from core.modelling.ranking import estimate_for
    from core.scoping.criterion import Stage, Verdict, judge
    from core.settings import Settings
    from core.workspace.workspace import Workspace
    from dashboard.charts.agreement import agreed, figure, title
    from dashboard.vocabulary import state_of

    workspace = Workspace.open(Settings())
    chosen = _read(lambda: workspace.projects.get(project))
    run = _read(lambda: workspace.uploaded.evaluate(chosen.id, file, name=file.name))
    criteria = workspace.thread.life(chosen.id).criteria_at(Stage.OFFLINE)
    pairs = [(criterion, estimate_for(run, criterion)) for criterion in criteria]
    verdicts = [judge(criterion, estimate).verdict for criterion, estimate in pairs]
    for (criterion, estimate), verdict in zip(pairs, verdicts, strict=True):
        said = f"{figure(criterion, estimate)}, agreed {agreed(criterion)}: {state_of(verdict).word}"
        typer.echo(f"{criterion.key} {title(criterion)}: {said}")
    if run.left_out:
        typer.echo(run.left_out.sentence)
    labelled = run.holdout_rows + workspace.modelling.reference(run).height
    typer.echo(f"{run.holdout_rows:,} of {labelled:,} labelled rows were predicted and measured; the run is {run.id}.")
    raise typer.Exit(int(Verdict.NOT_MET in verdicts))


@app.command("import-mlflow")
def import_mlflow(
    source: Annotated[str, typer.Argument(help="MLflow's SQLite file, its mlruns folder, or its server's address.")],
    project: Annotated[str | None, typer.Option(help="The project it is for; otherwise the inbox.")] = None,
    into_existing: Annotated[
        bool, typer.Option("--into-existing", help="Put runs into experiments of the same names that are here.")
    ] = False,
    home: Home = None,
) -> None:
    """Import experiments, runs and models from MLflow. The same again brings what is new, or what was cut off."""
    _enter(home)
    from core.modelling.tracking.importing.opening import open_source
    from core.settings import Settings
    from core.workspace.importing import Wishes
    from core.workspace.workspace import Workspace

    wishes = Wishes(project=project, into_existing=into_existing)
    found = _read(lambda: open_source(source, os.environ))
    progress = ImportProgress(sys.stderr)
    with closing(found):
        brought = _read(lambda: Workspace.open(Settings()).imports.bring(found, wishes, progress))
    typer.echo(imported_text(brought))


@app.command()
def verify(home: Home = None) -> None:
    """Re-compute every project's chain of events and every stored file's hash. Ends with 1 where one was changed."""
    _enter(home)
    from core.settings import Settings
    from core.workspace.workspace import Workspace

    settings = Settings()
    if settings.database_url is None and not settings.records_file.exists():
        _refuse(f"{settings.home} holds no workspace. Name the folder of one with --home.")
    workspace = _read(lambda: Workspace.open(settings))
    projects = _read(lambda: workspace.projects.all() + workspace.projects.all(archived=True))
    broken = False
    for project in projects:
        number = workspace.thread.broken_at(project.id)
        broken |= number is not None
        told = "holds" if number is None else f"was changed at event {number}"
        typer.echo(f"{project.name} ({project.slug}): the chain of events {told}")
    damaged, missing = _read(lambda: (workspace.thread.damaged_files(), workspace.thread.missing_files()))
    for sha256 in damaged:
        typer.echo(f"File {sha256}: its content is not what was stored")
    for sha256 in missing:
        typer.echo(f"File {sha256}: it is missing")
    lost = len(damaged) + len(missing)
    typer.echo(f"Damaged or missing files: {lost}." if lost else "Every stored file is as it was stored.")
    raise typer.Exit(int(broken or lost > 0))


def _home(home: Path | None, default: str) -> Path:
    named = home or Path(os.environ.get("FULLCIRCLE_HOME") or Path.home() / default)
    return named.expanduser().resolve()


def _enter(home: Path | None, **numbers: int | None) -> None:
    """Let the options of the command line stand in the environment, where ``Settings`` reads them."""
    os.environ["FULLCIRCLE_HOME"] = str(_home(home, ".fullcircle"))
    os.environ.update({name: str(number) for name, number in numbers.items() if number is not None})


def _supervise(home: Path, port: int, *, browser: bool, worker: Sequence[str] = ()) -> None:
    try:
        home.mkdir(parents=True, exist_ok=True)
        supervise(home, choose_ports(port), browser=browser, worker=worker)
    except PortTaken as error:
        _refuse(str(error))
    except OSError as error:
        _refuse(f"{home} cannot be used ({error.strerror}). Choose another folder with --home.")


def _read(reading: Callable[[], Value]) -> Value:
    """Return what ``reading`` gives, or end with the sentence that says why it cannot be had."""
    from core.errors import FullcircleError

    try:
        return reading()
    except FullcircleError as error:
        _refuse(str(error))


def _refuse(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(CANNOT)


def _print_report(report: Mapping[str, Any], as_text: Callable[[Mapping[str, Any]], str]) -> None:
    try:
        typer.echo(as_text(report))
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        _refuse(f"The report cannot be written ({error.strerror}). Make room, or print it elsewhere.")


if __name__ == "__main__":
    main()
