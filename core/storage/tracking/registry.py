"""Registered models and their versions inside one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, RowMapping, Table, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from core.errors import Conflict, NotFound
from core.modelling.tracking.registry import NoSuchAlias, RegisteredModel, RegisteredVersion, Stage
from core.modelling.tracking.search.condition import Entity
from core.modelling.tracking.search.query import Query
from core.storage.tracking.described import Described
from core.storage.tracking.registry_tables import ALIAS, REGISTERED_MODEL, REGISTERED_TAG, VERSION, VERSION_TAG
from core.storage.tracking.statements import chunks, upsert

_MODELS = Described(
    key=REGISTERED_MODEL.c.number,
    attributes={
        "name": REGISTERED_MODEL.c.name,
        "created": REGISTERED_MODEL.c.created_ms,
        "updated": REGISTERED_MODEL.c.updated_ms,
    },
    values={Entity.TAG: REGISTERED_TAG},
)
_VERSIONS = Described(
    key=VERSION.c.number,
    attributes={
        "name": REGISTERED_MODEL.c.name,
        "version": VERSION.c.version,
        "run_id": VERSION.c.run_id,
        "source": VERSION.c.source,
        "stage": VERSION.c.stage,
        "created": VERSION.c.created_ms,
        "updated": VERSION.c.updated_ms,
    },
    values={Entity.TAG: VERSION_TAG},
)
_WITH_NAME = (
    select(VERSION, REGISTERED_MODEL.c.name)
    .select_from(VERSION.join(REGISTERED_MODEL, REGISTERED_MODEL.c.number == VERSION.c.model))
    .order_by(VERSION.c.model, VERSION.c.version)
)


class RegistryRecords:
    """Registered models that are read and written in a transaction. Rows name a model or version by its ``number``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def number(self, name: str, *, lock: bool = False) -> int:
        """Return the number of a model; ``lock`` keeps other writers of the same model waiting.

        Raises
        ------
        NotFound
            There is no such model.
        """
        query = select(REGISTERED_MODEL.c.number).where(REGISTERED_MODEL.c.name == name)
        locked = query.with_for_update(key_share=True) if lock else query
        number = self._connection.execute(locked).scalar_one_or_none()
        if number is None:
            raise NotFound.record("registered model", name[:100])
        return number

    def is_named(self, name: str) -> bool:
        """Tell whether there is a model of this name."""
        query = select(REGISTERED_MODEL.c.number).where(REGISTERED_MODEL.c.name == name)
        return self._connection.execute(query).first() is not None

    def tagged(self, key: str) -> int | None:
        """Return the number of a model that has a tag, or ``None``."""
        query = select(REGISTERED_TAG.c.owner).where(REGISTERED_TAG.c.key == key).limit(1)
        return self._connection.execute(query).scalar_one_or_none()

    def last_version(self, number: int) -> int:
        """Return the highest number that a version of a model ever had; 0 where there was none."""
        query = select(REGISTERED_MODEL.c.last_version).where(REGISTERED_MODEL.c.number == number)
        return self._connection.execute(query).scalar_one()

    def versions_of(self, number: int) -> list[int]:
        """Return which versions a model has."""
        query = select(VERSION.c.version).where(VERSION.c.model == number).order_by(VERSION.c.version)
        return list(self._connection.execute(query).scalars())

    def version_number(self, name: str, version: int, *, lock: bool = False) -> int:
        """Return the number of a version; ``lock`` keeps other writers of the same model waiting.

        Raises
        ------
        NotFound
            There is no such model or version.
        """
        model = self.number(name, lock=lock)
        query = select(VERSION.c.number).where(VERSION.c.model == model, VERSION.c.version == version)
        number = self._connection.execute(query).scalar_one_or_none()
        if number is None:
            raise NotFound(f"The registered model {name[:100]!r} has no version {version}. Look at its versions.")
        return number

    def get(self, name: str) -> RegisteredModel:
        """Return a model.

        Raises
        ------
        NotFound
            There is no such model.
        """
        return self.read([self.number(name)])[0]

    def get_version(self, name: str, version: int) -> RegisteredVersion:
        """Return a version.

        Raises
        ------
        NotFound
            There is no such model or version.
        """
        return self.read_versions([self.version_number(name, version)])[0]

    def aliased(self, name: str, alias: str) -> int:
        """Return the version that an alias stands for.

        Raises
        ------
        NotFound
            There is no such model.
        NoSuchAlias
            It has no such alias.
        """
        query = select(ALIAS.c.version).where(ALIAS.c.owner == self.number(name), ALIAS.c.alias == alias)
        version = self._connection.execute(query).scalar_one_or_none()
        if version is None:
            raise NoSuchAlias(f"The registered model {name[:100]!r} has no alias {alias[:100]!r}. Look at its aliases.")
        return version

    def read(self, numbers: Sequence[int]) -> list[RegisteredModel]:
        """Return models by their numbers, in the order of these."""
        found: dict[int, RegisteredModel] = {}
        for some in chunks(numbers):
            found |= self._read(some)
        return [found[number] for number in numbers if number in found]

    def read_versions(self, numbers: Sequence[int]) -> list[RegisteredVersion]:
        """Return versions by their numbers, in the order of these."""
        found: dict[int, RegisteredVersion] = {}
        for some in chunks(numbers):
            rows = self._connection.execute(_WITH_NAME.where(VERSION.c.number.in_(some))).mappings().all()
            found |= {row["number"]: version for row, version in zip(rows, self._versions(rows), strict=True)}
        return [found[number] for number in numbers if number in found]

    def add(self, model: RegisteredModel) -> None:
        """Store a new model with its tags.

        Raises
        ------
        Conflict
            There is one of this name.
        """
        row = {
            "name": model.name,
            "description": model.description,
            "last_version": 0,
            "created_ms": model.created_ms,
            "updated_ms": model.updated_ms,
        }
        query = insert(REGISTERED_MODEL).returning(REGISTERED_MODEL.c.number)
        try:
            with self._connection.begin_nested():
                number = self._connection.execute(query, row).scalar_one()
        except IntegrityError as error:
            raise _taken(model.name) from error
        self.set_tags(number, model.tags)

    def change(self, number: int, **changes: Any) -> None:
        """Change columns of a model.

        Raises
        ------
        Conflict
            It would get the name of another one.
        """
        try:
            with self._connection.begin_nested():
                self._connection.execute(update(REGISTERED_MODEL).where(REGISTERED_MODEL.c.number == number), changes)
        except IntegrityError as error:
            raise _taken(changes.get("name", "")) from error

    def delete(self, number: int) -> None:
        """Delete a model with its versions, tags and aliases."""
        versions = select(VERSION.c.number).where(VERSION.c.model == number)
        for statement in (
            delete(VERSION_TAG).where(VERSION_TAG.c.owner.in_(versions)),
            delete(VERSION).where(VERSION.c.model == number),
            delete(ALIAS).where(ALIAS.c.owner == number),
            delete(REGISTERED_TAG).where(REGISTERED_TAG.c.owner == number),
            delete(REGISTERED_MODEL).where(REGISTERED_MODEL.c.number == number),
        ):
            self._connection.execute(statement)

    def add_version(self, number: int, version: RegisteredVersion) -> int:
        """Store a new version of a model, whatever number it comes with, and return the one that it gets."""
        mine = update(REGISTERED_MODEL).where(REGISTERED_MODEL.c.number == number)
        counted = mine.values(last_version=REGISTERED_MODEL.c.last_version + 1, updated_ms=version.updated_ms)
        given = self._connection.execute(counted.returning(REGISTERED_MODEL.c.last_version)).scalar_one()
        self._store(number, replace(version, version=given))
        return given

    def put_version(self, number: int, version: RegisteredVersion) -> None:
        """Store a version under its own number, which no version of the model may have had."""
        mine = update(REGISTERED_MODEL).where(REGISTERED_MODEL.c.number == number)
        self._connection.execute(
            mine.where(REGISTERED_MODEL.c.last_version < version.version), {"last_version": version.version}
        )
        self._store(number, version)

    def change_version(self, number: int, **changes: Any) -> None:
        """Change columns of a version."""
        self._connection.execute(update(VERSION).where(VERSION.c.number == number), changes)

    def move_stage(self, model: int, was: Stage, becomes: Stage, now_ms: int) -> None:
        """Move all versions of a model that are in one stage to another."""
        mine = update(VERSION).where(VERSION.c.model == model, VERSION.c.stage == was.value)
        self._connection.execute(mine, {"stage": becomes.value, "updated_ms": now_ms})

    def delete_version(self, model: int, number: int, version: int) -> None:
        """Delete a version with its tags and the aliases that stand for it."""
        self._connection.execute(delete(VERSION_TAG).where(VERSION_TAG.c.owner == number))
        self._connection.execute(delete(VERSION).where(VERSION.c.number == number))
        self._connection.execute(delete(ALIAS).where(ALIAS.c.owner == model, ALIAS.c.version == version))

    def set_tags(self, number: int, tags: Mapping[str, str]) -> None:
        """Set tags of a model; others stay."""
        upsert(self._connection, REGISTERED_TAG, _rows(number, tags))

    def set_version_tags(self, number: int, tags: Mapping[str, str]) -> None:
        """Set tags of a version; others stay."""
        upsert(self._connection, VERSION_TAG, _rows(number, tags))

    def delete_tag(self, number: int, key: str) -> None:
        """Delete a tag of a model, where it has it."""
        self._forget(REGISTERED_TAG, number, key)

    def delete_version_tag(self, number: int, key: str) -> None:
        """Delete a tag of a version, where it has it."""
        self._forget(VERSION_TAG, number, key)

    def set_alias(self, number: int, alias: str, version: int) -> None:
        """Let an alias stand for a version."""
        upsert(self._connection, ALIAS, [{"owner": number, "alias": alias, "version": version}])

    def delete_alias(self, number: int, alias: str) -> None:
        """Delete an alias, where the model has it."""
        self._connection.execute(delete(ALIAS).where(ALIAS.c.owner == number, ALIAS.c.alias == alias))

    def search(self, query: Query) -> list[int]:
        """Return the numbers of the models of a page, and of one more where there are more."""
        dialect = self._connection.dialect.name
        wanted = [_MODELS.meets(condition, dialect) for condition in query.conditions]
        order = [*_MODELS.order(query.orderings), REGISTERED_MODEL.c.name]
        statement = select(REGISTERED_MODEL.c.number).where(*wanted).order_by(*order)
        return list(self._connection.execute(statement.offset(query.offset).limit(query.limit + 1)).scalars())

    def search_versions(self, query: Query) -> list[int]:
        """Return the numbers of the versions of a page, and of one more where there are more."""
        dialect = self._connection.dialect.name
        wanted = [_VERSIONS.meets(condition, dialect) for condition in query.conditions]
        newest = [] if query.orderings else [VERSION.c.updated_ms.desc()]
        order = [*_VERSIONS.order(query.orderings), *newest, REGISTERED_MODEL.c.name, VERSION.c.version.desc()]
        both = VERSION.join(REGISTERED_MODEL, REGISTERED_MODEL.c.number == VERSION.c.model)
        statement = select(VERSION.c.number).select_from(both).where(*wanted).order_by(*order)
        return list(self._connection.execute(statement.offset(query.offset).limit(query.limit + 1)).scalars())

    def _store(self, number: int, version: RegisteredVersion) -> None:
        row = {
            "model": number,
            "version": version.version,
            "stage": version.stage.value,
            "description": version.description,
            "source": version.source,
            "storage": version.storage,
            "run_id": version.run_id,
            "run_link": version.run_link,
            "model_id": version.model_id,
            "created_ms": version.created_ms,
            "updated_ms": version.updated_ms,
        }
        added = self._connection.execute(insert(VERSION).returning(VERSION.c.number), row).scalar_one()
        self.set_version_tags(added, version.tags)

    def _read(self, numbers: Sequence[int]) -> dict[int, RegisteredModel]:
        rows = self._connection.execute(select(REGISTERED_MODEL).where(REGISTERED_MODEL.c.number.in_(numbers)))
        tags, aliases = self._tags(REGISTERED_TAG, numbers), self._aliases(numbers)
        latest: dict[int, dict[Stage, RegisteredVersion]] = {}
        of_models = self._connection.execute(_WITH_NAME.where(VERSION.c.model.in_(numbers))).mappings().all()
        for row, version in zip(of_models, self._versions(of_models), strict=True):
            latest.setdefault(row["model"], {})[version.stage] = version
        return {
            row["number"]: RegisteredModel(
                name=row["name"],
                created_ms=row["created_ms"],
                updated_ms=row["updated_ms"],
                description=row["description"],
                tags=tags.get(row["number"], {}),
                aliases=aliases.get(row["number"], {}),
                latest=list(latest.get(row["number"], {}).values()),
            )
            for row in rows.mappings()
        }

    def _versions(self, rows: Sequence[RowMapping]) -> list[RegisteredVersion]:
        tags = self._tags(VERSION_TAG, [row["number"] for row in rows])
        aliases = self._aliases(list({row["model"] for row in rows}))
        return [
            RegisteredVersion(
                name=row["name"],
                version=row["version"],
                source=row["source"],
                storage=row["storage"],
                created_ms=row["created_ms"],
                updated_ms=row["updated_ms"],
                stage=Stage(row["stage"]),
                description=row["description"],
                run_id=row["run_id"],
                run_link=row["run_link"],
                model_id=row["model_id"],
                tags=tags.get(row["number"], {}),
                aliases=[a for a, version in aliases.get(row["model"], {}).items() if version == row["version"]],
            )
            for row in rows
        ]

    def _tags(self, table: Table, numbers: Sequence[int]) -> dict[int, dict[str, str]]:
        found: dict[int, dict[str, str]] = {}
        for some in chunks(numbers):
            for owner, key, value in self._connection.execute(select(table).where(table.c.owner.in_(some))):
                found.setdefault(owner, {})[key] = value
        return found

    def _aliases(self, numbers: Sequence[int]) -> dict[int, dict[str, int]]:
        found: dict[int, dict[str, int]] = {}
        query = select(ALIAS).where(ALIAS.c.owner.in_(numbers)).order_by(ALIAS.c.alias)
        for owner, alias, version in self._connection.execute(query):
            found.setdefault(owner, {})[alias] = version
        return found

    def _forget(self, table: Table, owner: int, key: str) -> None:
        self._connection.execute(delete(table).where(table.c.owner == owner, table.c.key == key))


def _rows(owner: int, tags: Mapping[str, str]) -> list[dict[str, Any]]:
    return [{"owner": owner, "key": key, "value": value} for key, value in tags.items()]


def _taken(name: str) -> Conflict:
    return Conflict(f"Registered Model (name={name[:100]}) already exists. Choose another name.")
