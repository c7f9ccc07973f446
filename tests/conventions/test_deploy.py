"""The files an operator runs it with: they parse, and every name in them is one the service has."""

import json
import re
import tomllib
from collections.abc import Iterator
from typing import Any

from bot.__main__ import parser
from bot.settings import PREFIX, Settings
from tests.conventions.sources import TOP

DEPLOY = TOP / "deploy"
UNIT = {
    "Unit": {"Description", "Wants", "After", "StartLimitIntervalSec"},
    "Service": {
        *("Type", "User", "Group", "StateDirectory", "StateDirectoryMode", "WorkingDirectory", "ExecStart"),
        *("TimeoutStopSec", "KillSignal", "Restart", "RestartSec", "UMask", "MemoryMax", "LimitNOFILE"),
        *("NoNewPrivileges", "CapabilityBoundingSet", "ProtectSystem", "ProtectHome", "PrivateTmp"),
        *("PrivateDevices", "ProtectClock", "ProtectHostname", "ProtectKernelLogs", "ProtectKernelModules"),
        *("ProtectKernelTunables", "ProtectControlGroups", "ProtectProc", "RestrictAddressFamilies"),
        *("RestrictNamespaces", "RestrictRealtime", "RestrictSUIDSGID", "LockPersonality"),
        *("SystemCallArchitectures", "SystemCallFilter"),
    },
    "Install": {"WantedBy"},
}
INSTRUCTIONS = {
    *(
        "FROM",
        "WORKDIR",
        "COPY",
        "RUN",
        "ENV",
        "USER",
        "VOLUME",
        "EXPOSE",
        "HEALTHCHECK",
        "STOPSIGNAL",
        "CMD",
    ),
}
SERVICE_KEYS = {
    *(
        "build",
        "image",
        "command",
        "environment",
        "volumes",
        "ports",
        "depends_on",
        "healthcheck",
        "read_only",
    ),
    *("tmpfs", "cap_drop", "security_opt", "stop_grace_period", "restart"),
}
EXAMPLE = tomllib.loads((TOP / "config.example.toml").read_text("utf-8"))


def test_the_unit_starts_what_there_is_and_lets_it_write_one_folder() -> None:
    unit = dict(_unit())
    assert {section: keys.keys() - UNIT[section] for section, keys in unit.items()} == {
        key: set() for key in UNIT
    }
    service = unit["Service"]
    program, *words = service["ExecStart"].split()
    given = parser().parse_args(words)
    assert (program.rpartition("/")[2], given.command) == ("lianxin", "serve")
    home = f"/var/lib/{service['StateDirectory']}"
    assert service["WorkingDirectory"] == str(given.config.parent) == home
    assert service["User"] != "root"
    assert (service["NoNewPrivileges"], service["ProtectSystem"], service["Restart"]) == (
        "true",
        "strict",
        "always",
    )
    assert "ReadWritePaths" not in service


def test_the_image_copies_what_the_build_needs_and_runs_it_as_nobody_special() -> None:
    steps = [line.split(maxsplit=1) for line in _lines("Dockerfile")]
    assert {name for name, _ in steps} - INSTRUCTIONS == set()
    last = dict(steps)
    assert parser().parse_args(json.loads(last["CMD"])[1:]).command == "serve"
    assert int(last["EXPOSE"]) == EXAMPLE["service"]["port"]
    assert f":{last['EXPOSE']}/readyz" in last["HEALTHCHECK"]
    assert last["USER"] == "lianxin"
    sent = {line.removeprefix("!") for line in _lines("Dockerfile.dockerignore") if line.startswith("!")}
    assert [name for name in sent if not (TOP / name).exists()] == []
    build = tomllib.loads((TOP / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]["targets"]
    assert {*build["wheel"]["packages"], *build["wheel"]["force-include"], "pyproject.toml"} <= sent
    _every_variable_is_a_setting((DEPLOY / "Dockerfile").read_text("utf-8"))


def test_the_composition_is_the_service_and_its_database() -> None:
    whole = _tree(_lines("compose.yaml"))
    services = whole["services"]
    assert {key for service in services.values() for key in service} - SERVICE_KEYS == set()
    service, database = services["service"], services["database"]
    assert parser().parse_args(json.loads(service["command"])[1:]).command == "serve"
    assert (DEPLOY / service["build"]["context"] / service["build"]["dockerfile"]).is_file()
    assert service["depends_on"]["database"]["condition"] == "service_healthy"
    assert "healthcheck" in database
    assert service["ports"] == [f'"127.0.0.1:{EXAMPLE["service"]["port"]}:{EXAMPLE["service"]["port"]}"']
    mounted = {line.partition(":")[0] for one in services.values() for line in one["volumes"]}
    assert mounted == whole["volumes"].keys()
    assert "postgresql://lianxin:${DATABASE_PASSWORD:?}@database/lianxin" in str(service["environment"])
    _every_variable_is_a_setting(str(whole))


def test_no_secret_and_no_package_host_stands_in_them() -> None:
    for file in DEPLOY.iterdir():
        text = file.read_text("utf-8")
        passwords = re.findall(r"PASSWORD: (.*)", text)
        assert all("${DATABASE_PASSWORD:?}" in one for one in passwords), file.name
        assert not re.search(r"index-url|trusted-host|data_key *=|https://", text), file.name


def _every_variable_is_a_setting(text: str) -> None:
    for section, key in re.findall(rf"{PREFIX}([A-Z]+)__([A-Z_]+)", text):
        assert key.lower() in EXAMPLE[section.lower()]
        assert section.lower() in Settings.model_fields


def _lines(name: str) -> list[str]:
    lines = (DEPLOY / name).read_text("utf-8").splitlines()
    return [line for line in lines if line.strip() and not line.lstrip().startswith("#")]


def _unit() -> Iterator[tuple[str, dict[str, str]]]:
    """Sections of `Key=value`; none twice, and no key twice in one."""
    name, keys = "", dict[str, str]()
    for line in [*_lines("lianxin.service"), "[]"]:
        if line.startswith("["):
            if name:
                yield name, keys
            name, keys = line.strip("[]"), {}
            continue
        key, equals, value = line.partition("=")
        assert equals, line
        assert key not in keys, line
        keys[key] = value


def _tree(lines: list[str], depth: int = 0) -> Any:
    """The little of YAML that the file uses: mappings by two spaces, lists of words, flow lists as text."""
    if lines and lines[0].lstrip().startswith("- "):
        assert all(line.startswith(" " * depth + "- ") for line in lines), lines
        return [line.strip().removeprefix("- ") for line in lines]
    tree: dict[str, Any] = {}
    while lines:
        head = re.fullmatch(r"( *)([A-Za-z_]+):(?: (.+))?", lines[0])
        assert head, lines[0]
        assert len(head[1]) == depth, lines[0]
        assert head[2] not in tree, lines[0]
        inner = 1
        while inner < len(lines) and lines[inner].startswith(" " * (depth + 1)):
            inner += 1
        assert not (head[3] and inner > 1), lines[0]
        tree[head[2]] = head[3] or _tree(lines[1:inner], depth + 2)
        lines = lines[inner:]
    return tree
