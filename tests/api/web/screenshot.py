"""Takes the picture of the page that the README shows: make screenshot."""

import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from api.app import create_app
from index.walk import walk
from qa.opening import open_for_adding
from tests.api.web.browser import browsing, visitor
from tests.api.workshop import run, settings_for

QUESTIONS: Final = (
    "How many children were being looked after by the local authority?",
    "How many of them were unaccompanied asylum seekers?",
)


def main(picture: Path) -> None:
    """Ask about the seeds, which lie here, and take a picture of what is shown."""
    with TemporaryDirectory() as folder:
        home = Path(folder) / ".qa"
        # Beside the archive, for the picture to show no path of this machine.
        seeds = shutil.copytree("seeds", Path(folder) / "seeds")
        archive = open_for_adding(settings_for(home))
        for outcome in archive.add(list(walk([seeds], home))):
            assert outcome.result == "added"
        archive.close()
        with run(create_app(settings_for(home, reader=None))) as running, browsing() as browser:
            running.wait()
            address = str(running.client.base_url)
            with visitor(browser, address, device_scale_factor=1.25) as someone:
                someone.open()
                for question in QUESTIONS:
                    someone.ask(question)
                someone.shown()
                someone.page.screenshot(path=picture)
                someone.check()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
