# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every function, with the examples of the page "Reference for writing expressions for attribute mappings"."""

from __future__ import annotations

import re
import uuid
from datetime import datetime, timezone
from typing import Any

import pytest

from tests.graphsim.engine.expressions import FUNCTIONS, IGNORE, EvaluationError, Redacted, evaluate, parse
from tests.graphsim.engine.expressions.functions.dotnet_dates import format_date, parse_date

NOW = datetime(2021, 7, 2, 15, 33, 38, tzinfo=timezone.utc)
ROLES = [{"id": "1", "value": "adm", "displayName": "Admin"}, {"id": "2", "value": None, "displayName": "User"}]


def value(expression: str, **properties: Any) -> Any:
    return evaluate(parse(expression), properties, now=NOW, default_domain="contoso.com")


CASES: list[tuple[str, dict[str, Any], Any]] = [
    ('Append([upn], ".test")', {"upn": "John.Doe@contoso.com"}, "John.Doe@contoso.com.test"),
    ('Append([upn], ".test")', {}, None),
    ("Append(Mid([givenName], 1, 3), Mid([surname], 1, 5))", {"givenName": "John", "surname": "Doe"}, "JohDoe"),
    ('Prepend("x-", [upn])', {"upn": "a"}, "x-a"),
    ('Prepend("x-", [upn])', {}, None),
    ("AppRoleAssignments([roles])", {"roles": ROLES}, ["Admin", "User"]),
    ("SingleAppRoleAssignment([roles])", {"roles": ROLES}, "Admin"),
    ("SingleAppRoleAssignment([roles])", {"roles": ["Default Assignment"]}, "Default Assignment"),
    ("SingleAppRoleAssignment([roles])", {"roles": []}, None),
    ("BitAnd(&HF, &HF7)", {}, "7"),
    ('BitAnd([userAccountControl], 2)="0"', {"userAccountControl": 512}, "True"),
    ("CBool([a] = [b])", {"a": "x", "b": "x"}, "True"),
    ("CBool([a] = [b])", {"a": "x", "b": "X"}, "False"),
    ("CBool(0)", {}, "False"),
    ("CBool([a])", {}, "False"),
    ("CDate([d])", {"d": "2020-03-16-07:00"}, "3/16/2020 7:00:00 AM"),
    ('CDate("2021-06-30+08:00")', {}, "6/29/2021 4:00:00 PM"),
    ('CDate("2009-06-15T01:45:30-07:00")', {}, "6/15/2009 8:45:30 AM"),
    ("Coalesce([mail], [upn])", {"upn": "John.Doe@contoso.com"}, "John.Doe@contoso.com"),
    ("Coalesce([mail], [upn])", {}, None),
    ('Coalesce([mail], "")', {}, ""),
    ('ConvertToBase64("Hello world!")', {}, "SABlAGwAbABvACAAdwBvAHIAbABkACEA"),
    ('ConvertToUTF8Hex("Hello world!")', {}, "48656C6C6F20776F726C6421"),
    ("Count([proxy])", {"proxy": ["a", "b"]}, "2"),
    ("Count([proxy])", {}, "0"),
    ("CStr([dn])", {"dn": "cn=Joe,dc=contoso,dc=com"}, "cn=Joe,dc=contoso,dc=com"),
    ("CStr([n])", {"n": 5}, "5"),
    ("CStr([b])", {"b": True}, "True"),
    ('DateAdd("d", 7, CDate([d]))', {"d": "2012-03-16-07:00"}, "3/23/2012 7:00:00 AM"),
    ('DateAdd("d", -10, CDate([d]))', {"d": "2012-03-16-07:00"}, "3/6/2012 7:00:00 AM"),
    ('DateAdd("ww", 2, CDate([d]))', {"d": "2012-03-16-07:00"}, "3/30/2012 7:00:00 AM"),
    ('DateAdd("m", 10, CDate([d]))', {"d": "2012-03-16-07:00"}, "1/16/2013 7:00:00 AM"),
    ('DateAdd("yyyy", 2, CDate([d]))', {"d": "2012-03-16-07:00"}, "3/16/2014 7:00:00 AM"),
    ('DateAdd("m", 1, CDate("2024-01-31"))', {}, "2/29/2024 12:00:00 AM"),
    ('DateAdd("d", 1, CDate([d]))', {}, None),
    ('DateDiff("d", CDate("2021-08-18+08:00"), CDate("2021-08-31+08:00"))', {}, "13"),
    ('DateDiff("d", "8/25/2021 5:41:18 PM", CDate("2012-03-16-07:00"))', {}, "-3449"),
    ('DateDiff("ww", "8/25/2021 5:41:18 PM", CDate("2012-03-16-07:00"))', {}, "-493"),
    ('DateDiff("m", "8/25/2021 5:41:18 PM", CDate("2012-03-16-07:00"))', {}, "-113"),
    ('DateDiff("yyyy", "8/25/2021 5:41:18 PM", CDate("2012-03-16-07:00"))', {}, "-9"),
    ('DateDiff("d", CDate("2021-08-31+08:00"), CDate("2021-08-31+08:00"))', {}, "0"),
    ('DateDiff("h", CDate("2021-08-24"), CDate("2021-08-25"))', {}, "24"),
    ('DateDiff("n", CDate("2021-08-24"), CDate("2021-08-25"))', {}, "1440"),
    ('DateDiff("s", CDate("2021-08-24"), CDate("2021-08-25"))', {}, "86400"),
    ("DateFromNum(129699324000000000)", {}, "1/1/2012 11:00:00 PM"),
    ("DefaultDomain()", {}, "contoso.com"),
    ('FormatDateTime([e], , "yyyyMMddHHmmss.fZ", "yyyy-MM-dd")', {"e": "20150123105347.1Z"}, "2015-01-23"),
    ('FormatDateTime([e], , "yyyy-MM-ddzzz", "yyyy-MM-dd")', {"e": "2020-12-31-08:00"}, "2020-12-31"),
    (
        'FormatDateTime([e], "AllowLeadingWhite", "M/d/yyyy hh:mm:ss tt", "HH:mm")',
        {"e": " 1/2/2020 03:04:05 PM"},
        "15:04",
    ),
    ("IgnoreFlowIfNullOrEmpty([department])", {}, IGNORE),
    ("IgnoreFlowIfNullOrEmpty([department])", {"department": "Sales"}, "Sales"),
    ('IgnoreFlowIfNullOrEmpty(Switch([prefix], "", "3443", "Dr.", "3444", "Prof."))', {"prefix": "1"}, IGNORE),
    ('IIF([country]="USA",[country],[department])', {"country": "USA", "department": "x"}, "USA"),
    ('IIF([country]="USA",[country],[department])', {"country": "NL", "department": "x"}, "x"),
    ('IIF([country]="","Other",[country])', {}, None),
    ('IIF(IsNullOrEmpty([country]),"Other","Known")', {}, "Known"),
    ('IIF([n] > 5, "False", "True")', {"n": "10"}, "False"),
    ('IIF([n] <= 5, "low", "high")', {"n": 5}, "low"),
    ('IIF([a] <> "x", "no", "yes")', {"a": "X"}, "no"),
    ('InStr("The quick brown fox","quick")', {}, "5"),
    ('InStr("repEated","e",3,vbBinaryCompare)', {}, "7"),
    ('InStr("repEated","e",3,vbTextCompare)', {}, "4"),
    ('InStr("abc","z")', {}, "0"),
    ("IsNull([displayName])", {}, "True"),
    ("IsNull([displayName])", {"displayName": ""}, "False"),
    ("IsNothing([displayName])", {}, "True"),
    ("IsNullOrEmpty([displayName])", {"displayName": ""}, "True"),
    ("IsPresent([displayName])", {"displayName": "x"}, "True"),
    ("IsPresent([displayName])", {}, "False"),
    ("IsString([displayName])", {"displayName": "x"}, "True"),
    ("IsString([proxy])", {"proxy": ["x", "y"]}, "False"),
    ("Item([proxy], 1)", {"proxy": ["a", "b"]}, "a"),
    ("Item([proxy], 3)", {"proxy": ["a", "b"]}, None),
    ('Join(", ", "", [surname], [givenName])', {"givenName": "John", "surname": "Doe"}, "Doe, John"),
    ('Join("-", [proxy], "z")', {"proxy": ["a", "b"]}, "a-b-z"),
    ('Join(" ", [a], [b])', {}, None),
    ('Left("John Doe", 3)', {}, "Joh"),
    ('Left("John", 0)', {}, ""),
    ('Left("John", -1)', {}, "John"),
    ('Left("John", 9)', {}, "John"),
    ("Left([x], 3)", {}, ""),
    ('Mid("abcdef", 2, 3)', {}, "bcd"),
    ('Mid("abcdef", 5, 9)', {}, "ef"),
    ("NormalizeDiacritics([givenName])", {"givenName": "Zoë"}, "Zoe"),
    ('NormalizeDiacritics("ßÆøłıÑĀ́")', {}, "ssAEoeliNA"),
    ('Not("True")', {}, "False"),
    ('Not("False")', {}, "True"),
    ("Not([x])", {}, "True"),
    ("Now()", {}, "7/2/2021 3:33:38 PM"),
    ('NumFromDate("2012-01-01T23:00:00Z")', {}, "129699324000000000"),
    (
        'NumFromDate(Join("", FormatDateTime([end], ,"yyyy-MM-ddzzz", "yyyy-MM-dd"), " 23:59:59-08:00"))',
        {"end": "2020-12-31-08:00"},
        "132539615990000000",
    ),
    ("PCase([firstName])", {"firstName": "PABLO GONSALVES (SECOND)"}, "Pablo Gonsalves (Second)"),
    ('PCase([lastName]," \'-")', {"lastName": "PINTO-DE'SILVA"}, "Pinto-De'Silva"),
    ('PCase(Join(" ",[firstName],[lastName]))', {"firstName": "GREGORY", "lastName": "JAMES"}, "Gregory James"),
    ("Redact([upn])", {"upn": "a@b"}, "a@b"),
    ("RemoveDuplicates([proxy])", {"proxy": ["a", "b", "a"]}, ["a", "b"]),
    ('Replace([t],"Product Developer", , , "Software Engineer", , )', {"t": "Product Developer"}, "Software Engineer"),
    ('Replace([u],"<username>", , , , , "<username>@contoso.com")', {"u": "jsmith"}, "jsmith@contoso.com"),
    (
        r'Replace([tel], , "\\+(?<isdCode>\\d* )(?<phoneNumber>\\d{10})", , "${phoneNumber}", , )',
        {"tel": "+91 9998887777"},
        "9998887777",
    ),
    (r'Replace([mobile], , "[()\\s-]+", , "", , )', {"mobile": "+1 (999) 888-7777"}, "+19998887777"),
    (
        r'Replace([line], ,"(?<streetNumber>^\\d*)","streetNumber", "888", , )',
        {"line": "545 Tremont Street"},
        "888 Tremont Street",
    ),
    (r'Replace([line], , "(\\d+) (\\w+)", "2", "Road", , )', {"line": "17 Street"}, "17 Road"),
    ('Replace([upn], , "(?<Suffix>@(.)*)", "Suffix", "", , )', {"upn": "jsmith@contoso.com"}, "jsmith"),
    (
        r'Replace([tel], , "\\+(?<isdCode>\\d* )(?<phoneNumber>\\d{10})", "phoneNumber" , , [mobile], )',
        {"tel": "", "mobile": "+91 8887779999"},
        "8887779999",
    ),
    (r'Replace([tel], , "(?<n>\\d+)", "n", , [mobile], )', {"tel": "1", "mobile": "2"}, "1"),
    ('Replace([nick], , "[a-zA-Z_]*", , "", , )', {"nick": "john_doe72"}, "72"),
    ('Replace([mail], "@contoso.com", , ,"", ,)', {"mail": "john.doe@contoso.com"}, "john.doe"),
    ('Replace([mail], "@contoso.com", , ,"", ,)', {}, None),
    ('SelectUniqueValue("a", "b")', {}, "a"),
    ('Split([e], ",")', {"e": "PermissionSetOne, PermissionSetTwo"}, ["PermissionSetOne", "PermissionSetTwo"]),
    ("StripSpaces([n])", {"n": " a b  c"}, "abc"),
    (
        'Switch([state], "Australia/Sydney", "NSW", "x","QLD", "Australia/Brisbane")',
        {"state": "QLD"},
        "Australia/Brisbane",
    ),
    ('Switch([state], "Australia/Sydney", "NSW", "x")', {"state": "nsw"}, "Australia/Sydney"),
    ('Switch([statusFlag], "Default Value", "true", "1", "", "0")', {}, "0"),
    ('Switch([IsSoftDeleted], , "False", "True", "True", "False")', {"IsSoftDeleted": True}, "False"),
    ('Switch([x], , "a", "b")', {"x": "z"}, None),
    ("ToLower([n])", {"n": "JOHN"}, "john"),
    ('ToLower("TITLE", "tr-TR")', {}, "tıtle"),
    ('ToUpper("title", "tr-TR")', {}, "TİTLE"),
    ("ToUpper([n])", {"n": "john"}, "JOHN"),
    ('Word("The quick brown fox",3," ")', {}, "brown"),
    ('Word("This,string!has&many separators",3,",!&#")', {}, "has"),
    ('Word("one", 2, " ")', {}, ""),
    ('Word([x], 1, " ")', {}, ""),
]


@pytest.mark.parametrize(("expression", "properties", "expected"), CASES)
def test_value(expression: str, properties: dict[str, Any], expected: Any) -> None:
    assert value(expression, **properties) == expected


def test_every_function_has_a_case() -> None:
    tried = " ".join(expression for expression, _unused, _unused in CASES)
    elsewhere = {"Guid", "RandomString", "AppRoleAssignmentsComplex", "AssertiveAppRoleAssignmentsComplex"}
    assert {one["id"] for one in FUNCTIONS if f"{one['id']}(" not in tried} == elsewhere


@pytest.mark.parametrize("name", ["AppRoleAssignmentsComplex", "AssertiveAppRoleAssignmentsComplex"])
def test_complex_roles(name: str) -> None:
    kind = "WindowsAzureActiveDirectoryRole"
    assert value(f"{name}([roles])", roles=ROLES) == [
        {"primary": False, "type": kind, "display": "Admin", "value": "adm"},
        {"primary": False, "type": kind, "display": "User", "value": "User"},
    ]


def test_guid_is_new_each_time() -> None:
    first, second = value("Guid()"), value("Guid()")
    assert first != second
    assert str(uuid.UUID(first)) == first


def test_random_string_keeps_its_minimums() -> None:
    made = value('RandomString(10,2,2,2,1,"?,")')
    assert len(made) == 10
    assert len(re.findall(r"\d", made)) >= 2
    assert len(re.findall(r"[^A-Za-z0-9]", made)) >= 2
    assert len(re.findall(r"[A-Z]", made)) >= 2
    assert re.search(r"[a-z]", made)
    assert not set(made) & set("?,")
    assert re.fullmatch(r"\d{3}", value("RandomString(3, 3, 0, 0, 0, )"))


def test_redacted_values_are_marked() -> None:
    assert isinstance(value('Redact("secret")'), Redacted)


def test_select_unique_value_asks_the_target() -> None:
    node = parse('SelectUniqueValue("a", "b")')
    assert evaluate(node, {}, taken=lambda candidate: candidate == "a") == "b"
    with pytest.raises(EvaluationError, match="All values exist"):
        evaluate(node, {}, taken=lambda candidate: True)


@pytest.mark.parametrize(
    ("expression", "complaint"),
    [
        ('Mid("abc", 0, 1)', "start of at least 1"),
        ('Mid("abc", "x", 1)', "not an integer"),
        ('BitAnd("x", 1)', "not an integer"),
        ('CDate("yesterday")', "not a date"),
        ('CDate("2021-02-30")', "no date that exists"),
        ('DateAdd("q", 1, Now())', "not an interval"),
        ('DateAdd("yyyy", 99999, Now())', "leaves the calendar"),
        ('DateAdd("d", 99999999, Now())', "failed"),
        ('FormatDateTime("x", , "yyyy", "yyyy")', "not a date in the format"),
        ('FormatDateTime("2020", "Sloppy", "yyyy", "yyyy")', "no DateTimeStyles value"),
        ("Item([proxy], 0)", "index of at least 1"),
        ("RandomString(3, 4, 0, 0, 0)", "cannot make"),
        ('Replace("x", , "(", , "", , )', "not a regular expression"),
        ('Replace("x", , "x", "nope", "", , )', "no group 'nope'"),
        ('CBool("maybe")', "neither True nor False"),
        ("ToLower([proxy])", "Expected one value"),
        ('Replace("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", , "(a|aa)+$", , "", , )', "takes too long"),
    ],
)
def test_no_value(expression: str, complaint: str) -> None:
    with pytest.raises(EvaluationError, match=complaint):
        value(expression, proxy=["a", "b"])


@pytest.mark.parametrize(
    ("pattern", "written"),
    [
        ("yyyy-MM-ddTHH:mm:ss.fffK", "2009-06-15T13:45:30.617Z"),
        ("ddd, dd MMM yyyy hh:mm tt", "Mon, 15 Jun 2009 01:45 PM"),
        ("dddd d MMMM yy H:m:s", "Monday 15 June 09 13:45:30"),
        ("'at' h\\h t", "at 1h P"),
        ("yyyyMMdd zz", "20090615 +00"),
        ("M/d/yyyy z", "6/15/2009 +0"),
    ],
)
def test_dotnet_formats_go_both_ways(pattern: str, written: str) -> None:
    moment = datetime(2009, 6, 15, 13, 45, 30, 617000, timezone.utc)
    assert format_date(moment, pattern) == written
    assert format_date(parse_date(written, pattern), pattern) == written
