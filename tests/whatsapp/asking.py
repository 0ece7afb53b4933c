"""What the tests of the running bot share: any request, a look into its database, any message."""

import urllib.error
import urllib.request

from sqlalchemy import text

from clinic.database import open_database
from whatsapp_demo.bot import wait_for


def fetch(address, body=None, headers=None):
    request = urllib.request.Request(address, body, headers or {})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def rows(bot, query, **values):
    engine = open_database(bot.settings.database)
    with engine.connect() as connection:
        found = connection.execute(text(query), values).all()
    engine.dispose()
    return found


def count(bot, table="inbox"):
    return rows(bot, f"SELECT count(*) FROM {table}")[0][0]


def send(bot, phone, kind, inside):
    """A message of any kind; the next reply to it."""
    before = len(bot.stand_in.texts(phone))
    assert bot.stand_in.say(phone, phone.writes(kind, inside)).result(20) == 200
    wait_for(lambda: len(bot.stand_in.texts(phone)) > before)
    return bot.stand_in.texts(phone)[before]
