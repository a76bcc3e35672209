"""What the build adds to what pyproject.toml says: the description for an index, and a list of what travels along.

`PERIGEE_PROJECT_URL` is the public address of the sources, such as https://github.com/owner/perigee, if there is one.
Links to it are only made where it is given.
"""

import json
import os
import re
from itertools import groupby
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface
from hatchling.metadata.plugin.interface import MetadataHookInterface

_LINK = re.compile(r"(?<!!)\[([^\]]+)\]\((?!https?://|#)([^)]+)\)")
_PICTURE = re.compile(r"!\[([^\]]*)\]\((?!https?://)([^)]+)\)\n*")
_TAG = re.compile(r'<img src="(?!https?://)([^"]+)"([^>]*)>\n*')


class DescriptionHook(MetadataHookInterface):
    """Makes the README readable where its neighbours are not: on a package index."""

    PLUGIN_NAME = "custom"

    def update(self, metadata: dict[str, Any]) -> None:
        """Set the description and the addresses of the project."""
        url = os.environ.get("PERIGEE_PROJECT_URL", "").rstrip("/")
        text = (Path(self.root) / "README.md").read_text("utf-8")
        metadata["readme"] = {"content-type": "text/markdown", "text": describe(text, url)}
        metadata["urls"] = {"Source": url, "Changelog": f"{url}/blob/HEAD/CHANGELOG.md"} if url else {}


class SbomHook(BuildHookInterface[Any]):
    """Puts a list of what others made and the wheel carries into it, as CycloneDX (PEP 770)."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the list, and name it as part of the wheel."""
        if self.target_name != "wheel" or version == "editable":
            return
        file = Path(self.directory) / "perigee.cdx.json"
        manifest = json.loads((Path(self.root) / "static" / "vendor" / "manifest.json").read_text("utf-8"))
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(list_contents(manifest, self.metadata.version), indent=2) + "\n", "utf-8")
        build_data["sbom_files"].append(os.path.relpath(file, self.root))
        self._file = file

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002
        """Leave the wheel alone behind."""
        if self.target_name == "wheel" and version != "editable":
            self._file.unlink()


def describe(readme: str, url: str) -> str:
    """Make links and pictures of the README absolute; without an address, keep their words alone."""
    if url:
        readme = _LINK.sub(rf"[\1]({url}/blob/HEAD/\2)", readme)
        readme = _PICTURE.sub(rf"![\1]({url}/raw/HEAD/\2)\n\n", readme)
        return _TAG.sub(rf'<img src="{url}/raw/HEAD/\1"\2>\n', readme)
    readme = _TAG.sub("", _PICTURE.sub("", readme)).replace("The screenshots show the demo, a made-up year.\n\n", "")
    return _LINK.sub(r"\1", readme)


def list_contents(manifest: dict[str, dict[str, str]], version: str) -> dict[str, Any]:
    """List the vendored packages with their licences, and their files with their hashes."""
    wheel = f"pkg:pypi/perigee@{version}"
    packages = [
        _package(list(files))
        for _, files in groupby(sorted(manifest.items()), key=lambda file: (file[1]["package"], file[1]["version"]))
    ]
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": wheel,
                "name": "perigee",
                "version": version,
                "licenses": [{"license": {"id": "MIT"}}],
                "purl": wheel,
            },
        },
        "components": packages,
        "dependencies": [{"ref": wheel, "dependsOn": [package["bom-ref"] for package in packages]}],
    }


def _package(files: list[tuple[str, dict[str, str]]]) -> dict[str, Any]:
    told = files[0][1]
    purl = f"pkg:npm/{told['package'].replace('@', '%40')}@{told['version']}"
    return {
        "type": "library",
        "bom-ref": purl,
        "name": told["package"],
        "version": told["version"],
        "licenses": [{"license": {"id": told["license"]}}],
        "purl": purl,
        "components": [
            {
                "type": "file",
                "name": f"webapp/static/vendor/{path}",
                "hashes": [{"alg": "SHA-256", "content": file["sha256"]}],
            }
            for path, file in files
        ],
    }
