# Copyright (c) 2026, entra.provisioning contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Says of every request to the SCIM server whether it is SCIM: RFC 7643 and 7644 in the words of scim2-models.

The judge stands before the server and lets everything pass, so that the server refuses what it refuses. What it finds
is read, and forgotten, with ``GET /violations``. The deviations that Entra is known for (page "SCIM compatibility
issues": ``Replace``, ``"False"``, members removed by value) are not allowed: the engine speaks as with the feature
flag aadOptscim062020.

A request is right when scim2-models accepts it and would itself have sent the same: the library forgives on its way
in (``"True"`` for true, read-only attributes, missing schemas), and forgives nothing on its way out.
"""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Callable, Iterable, Iterator
from typing import Annotated, Any
from urllib.parse import parse_qsl

from pydantic import BaseModel, Field, TypeAdapter, ValidationError
from scim2_models import (
    Context,
    EnterpriseUser,
    Extension,
    Group,
    Manager,
    PatchOp,
    Required,
    ResponseParameters,
    Schema,
    SCIMException,
    SearchRequest,
    User,
)

from tests.graphsim.engine.target_schemas import EXTENSION

VIOLATIONS = "/violations"
_ROOT = "/v2/"
_DISCOVERY = ("Schemas", "ResourceTypes", "ServiceProviderConfig")
_TYPES = ("application/scim+json", "application/json")


class ManagerById(Manager):
    # RFC 7643 only recommends it in section 4.3, and its schema in section 8.7.1 says "required": false; Entra names
    # managers by their id (issue 69234 of MicrosoftDocs/azure-docs).
    ref: Annotated[Any, Required.false] = Field(None, alias="$ref")


class EnterpriseUserById(EnterpriseUser):
    manager: ManagerById | None = None


_EXTENSIONS: Any = EnterpriseUserById | Extension.from_schema(Schema.model_validate(EXTENSION))
_MODELS: dict[str, Any] = {"Users": User[_EXTENSIONS], "Groups": Group}


class Violation(Exception):
    """What is wrong with a request."""


class Judge:
    """A WSGI application that keeps what is wrong with the requests to another one."""

    def __init__(self, application: Callable[..., Iterable[bytes]]) -> None:
        self._application = application
        self._found: list[str] = []

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answers `VIOLATIONS` itself, and hands everything else on."""
        if environ["PATH_INFO"] == VIOLATIONS:
            found = [self._found.pop(0) for _unused in list(self._found)]
            start_response("200 OK", [("Content-Type", "application/json")])
            return [json.dumps(found).encode()]
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        method, path, query = environ["REQUEST_METHOD"], environ["PATH_INFO"], environ.get("QUERY_STRING", "")
        try:
            check(method, path, query, environ.get("CONTENT_TYPE", ""), body)
        except Violation as violation:
            self._found.append(f"{method} {path}: {violation}")
        return self._application(environ, start_response)


def check(method: str, path: str, query: str, content_type: str, body: bytes) -> None:
    """Judge one request; `query` is still encoded.

    :raises Violation: with the reason, when it is not SCIM.
    """
    collection, _unused, one = path.removeprefix(_ROOT).partition("/")
    if not path.startswith(_ROOT) or collection not in (*_MODELS, *_DISCOVERY):
        raise Violation("no endpoint of SCIM")
    parameters = _parameters(query)
    if collection in _DISCOVERY:
        _expect(method == "GET" and not body and not parameters, "discovery is asked by GET alone")
        return
    model = _MODELS[collection]
    if method in ("GET", "DELETE"):
        _expect(not body, "a body")
    else:
        _expect(content_type.partition(";")[0] in _TYPES, f"the content type {content_type!r}")
    match method, bool(one):
        case "GET", False:
            _accepted(SearchRequest[model], parameters, Context.SEARCH_REQUEST)
        case "GET", True:
            _accepted(ResponseParameters[model], parameters, Context.RESOURCE_QUERY_REQUEST)
        case "DELETE", True:
            _expect(not parameters, "parameters")
        case "POST", False:
            _sent(model, _json(body), Context.RESOURCE_CREATION_REQUEST)
        case "PUT", True:
            _sent(model, _json(body), Context.RESOURCE_REPLACEMENT_REQUEST)
        case "PATCH", True:
            _patch(model, _json(body))
        case _:
            raise Violation("no operation of SCIM")


def _patch(model: Any, body: Any) -> None:
    patch = _sent(PatchOp[model], body, Context.RESOURCE_PATCH_REQUEST)
    for operation in patch.operations:
        # The library looks at values when it has a resource to put them into.
        if operation.op != "remove":
            _expect(operation.path is not None, "an operation without a path")
            _value(operation.path, operation.value)


def _value(path: Any, value: Any) -> None:
    binding = path.resolve()
    # A path without an attribute is that of a whole extension; a filter picks one of several.
    kind = binding.target_type if binding else path.model
    several = bool(binding) and binding.target_is_multivalued and not str(path).endswith("]")
    _expect(not several or isinstance(value, list), f"{path} has several values")
    for one in value if several else [value]:
        if issubclass(kind, BaseModel):
            with _refusal(f"{path} "):
                understood = kind.model_validate(one)
            # The schemas of an extension are named in those of the resource; some name them here too.
            said = {name: part for name, part in one.items() if name != "schemas"}
            _same(understood.model_dump(exclude={"schemas"}), said, str(path))
        else:
            with _refusal(f"{path} "):
                TypeAdapter(kind).validate_json(json.dumps(one), strict=True)


def _sent(model: Any, body: Any, context: Context) -> Any:
    understood = _accepted(model, body, context)
    _same(understood.model_dump(scim_ctx=context), body, "the body")
    return understood


def _accepted(model: Any, body: Any, context: Context) -> Any:
    with _refusal():
        return model.model_validate(body, scim_ctx=context)


@contextlib.contextmanager
def _refusal(where: str = "") -> Iterator[None]:
    try:
        yield
    except ValidationError as error:
        reasons = [f"{'.'.join(map(str, one['loc']))} {one['msg']}".strip() for one in error.errors()]
        raise Violation(where + "; ".join(reasons)) from None
    except SCIMException as error:
        raise Violation(f"{where}{error}") from None


def _same(meant: Any, said: Any, where: str) -> None:
    _expect(json.dumps(meant, sort_keys=True) == json.dumps(said, sort_keys=True), f"{where} should be {meant}")


def _parameters(query: str) -> dict[str, str]:
    pairs = parse_qsl(query, keep_blank_values=True)
    _expect(len(dict(pairs)) == len(pairs), "a parameter twice")
    return dict(pairs)


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        raise Violation("a body that is no JSON") from None


def _expect(right: bool, otherwise: str) -> None:
    if not right:
        raise Violation(otherwise)
