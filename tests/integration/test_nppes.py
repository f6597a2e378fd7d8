"""The operator imports the public list of NPIs; the desk looks a name up in it."""

import zipfile
from argparse import Namespace
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import httpx
import pytest

from backend.cli import registry as command
from backend.launcher.services import Services
from backend.referral_sources import registry
from backend.referral_sources.nppes import Wanted, WrongFile
from tests.nppes import FAMILY, HAND, HEADER, LAWYER, ORTHOPEDICS, file, row
from tests.referrers import npi

URL = "/api/v1/npi-providers"
ILLINOIS = Wanted(frozenset({"IL"}))


@pytest.fixture
async def owner(services: Services) -> AsyncIterator["asyncpg.Connection"]:
    """The role that owns the tables, as the operator's command has it."""
    connection = await asyncpg.connect(services.migrations_url.replace("+asyncpg", ""))
    yield connection
    await connection.close()


def written(tmp_path: Path, *rows: list[str]) -> Path:
    path = tmp_path / "npidata_pfile_20261101-20261107.csv"
    path.write_text(file(*rows))
    return path


async def test_names_become_suggestions(client: httpx.AsyncClient, owner: "asyncpg.Connection", tmp_path: Path) -> None:
    path = written(
        tmp_path,
        row(1, (LAWYER, ORTHOPEDICS, HAND), primary=2, middle="C"),
        row(2, first="ERNESTO"),
        row(3, state="WI"),
        row(4, (LAWYER,)),
        row(5, entity="2", last="", first="", organization="LAKESIDE ORTHOPEDICS, LLC"),
        row(6, npi="1234567890"),
        row(7, last="O'BRIEN", first="SIOBHAN", phone="", fax="123"),
        ["cut", "off"],
    )
    done = await registry.take(owner, path, ILLINOIS)
    assert (done.read, done.wanted, done.written) == (8, 4, 4)
    for q, found in {
        "emily jimenez": [1], "Jimenez, Em": [1], "jim": [1, 2], "Dr. Emily C. Jimenez, MD": [1], "lakeside": [5],
        "siobhan o’brien": [7], npi(2): [2], npi(3): [], "nobody": [], "%%": [],
    }.items():  # fmt: skip
        items = (await client.get(URL, params={"q": q})).json()["items"]
        assert [item["npi"] for item in items] == [npi(number) for number in found], q
    emily = (await client.get(URL, params={"q": npi(1)})).json()["items"][0]
    assert emily == {
        "npi": npi(1), "kind": "provider", "name": "Emily C Jimenez", "credential": "MD",
        "specialty": "Orthopedic surgery: hand", "address": "100 Example Ave Ste 5, Chicago, IL 60601",
        "phone": "+13125550154", "fax": "+13125550155",
    }  # fmt: skip
    siobhan = (await client.get(URL, params={"q": npi(7)})).json()["items"][0]
    assert (siobhan["name"], siobhan["phone"], siobhan["fax"]) == ("Siobhan O'Brien", None, None)
    assert (await client.get(URL, params={"q": "jimenez", "state": "WI"})).json()["items"] == []


async def test_the_next_month_brings_what_changed(
    client: httpx.AsyncClient, owner: "asyncpg.Connection", tmp_path: Path
) -> None:
    await registry.take(owner, written(tmp_path, row(1), row(2, first="ERNESTO")), ILLINOIS)
    gone = row(1, (), last="", first="", state="", deactivated="11/03/2026")
    assert (await registry.take(owner, written(tmp_path, row(1), row(2, first="ERNESTO")), ILLINOIS)).written == 0
    assert (await registry.take(owner, written(tmp_path, gone, row(2, first="ERNIE")), ILLINOIS)).written == 2
    items = (await client.get(URL, params={"q": "jimenez"})).json()["items"]
    assert [item["name"] for item in items] == ["Ernie Jimenez"]
    back = row(1, deactivated="11/03/2026", reactivated="11/20/2026")
    assert (await registry.take(owner, written(tmp_path, back), ILLINOIS)).written == 1
    assert len((await client.get(URL, params={"q": "jimenez"})).json()["items"]) == 2


async def test_the_monthly_archive_is_read_as_it_comes(owner: "asyncpg.Connection", tmp_path: Path) -> None:
    path = tmp_path / "NPPES_Data_Dissemination_November_2026_V2.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("npidata_pfile_20050523-20261108_fileheader.csv", file())
        archive.writestr("npidata_pfile_20050523-20261108.csv", file(row(1), row(2)))
        archive.writestr("othername_pfile_20050523-20261108.csv", "NPI")
    assert (await registry.take(owner, path, ILLINOIS)).wanted == 2


async def test_another_file_is_refused_by_name(owner: "asyncpg.Connection", tmp_path: Path) -> None:
    path = tmp_path / "patients.csv"
    path.write_text(file(header=[name for name in HEADER if name != "NPI"]))
    with pytest.raises(WrongFile, match="columns are missing: NPI"):
        await registry.take(owner, path, ILLINOIS)


async def test_the_application_itself_only_reads(client: httpx.AsyncClient, services: Services) -> None:
    connection = await asyncpg.connect(services.database_url.replace("+asyncpg", ""))
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute("DELETE FROM npi_providers")
    finally:
        await connection.close()


def test_a_file_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    chosen = Namespace(file=Path("/nowhere/npidata.csv"), state=["il"], taxonomy=[FAMILY])
    assert command.import_nppes(chosen) == 2
    assert "There is no file" in capsys.readouterr().err
