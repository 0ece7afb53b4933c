"""What must hold before a part of the bot is started: content, model, database."""

import hashlib
import tarfile

from sqlalchemy.exc import DatabaseError

from clinic.content_files import load_content
from clinic.database import migrate, open_database
from clinic.encoder_files import FOLDER, check_hashes
from clinic.errors import StartError
from clinic.production import check_details, overdue
from clinic.settings import PROJECT, Settings

MODEL = PROJECT / "models" / "clinic.tar.gz"


def check(settings: Settings) -> None:
    """What must hold before anything is started; raises ContentError, ModelError or StartError."""
    content = load_content(settings.content_folder)
    check_details(content.clinic, settings)
    check_hashes(FOLDER)
    if not MODEL.exists():
        raise StartError("there is no trained model yet: make train")
    if not tarfile.is_tarfile(MODEL):
        raise StartError(f"models/{MODEL.name} is damaged: make train")
    check_model()
    prepare_database(settings)
    for line in overdue(content):
        print(line, flush=True)


def check_model() -> None:
    """Where a hash lies beside the model, as in an image, it must be the model's; raises
    StartError.
    """
    listed = MODEL.parent / "SHA256SUMS"
    if listed.exists():
        found = hashlib.sha256(MODEL.read_bytes()).hexdigest()
        if found not in listed.read_text(encoding="utf-8").split():
            raise StartError(f"models/{MODEL.name} is not the one in models/SHA256SUMS")


def prepare_database(settings: Settings) -> None:
    """Make or renew the tables; raises StartError when the database cannot be used."""
    engine = open_database(settings.database)
    try:
        migrate(engine)
    except (DatabaseError, OSError) as error:
        kind = type(error).__name__
        raise StartError(
            f"the database in CLINIC_DATABASE cannot be used ({kind}): see that it is there and "
            "that the bot may write to it"
        ) from None
    finally:
        engine.dispose()
