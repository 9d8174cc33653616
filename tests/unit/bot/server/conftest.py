from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from fastapi.testclient import TestClient
from service_stand_ins import SESSIONS, UPLOAD_LIMIT, Speaker, Voice, client_of
from stand_ins import Desk

from bot.server.chat_service import ChatService
from bot.settings import IdentitySettings, ServerSettings
from bot.shop import ShopFiles


@pytest.fixture
def clerk(desk: Desk, demo: ShopFiles, tmp_path: Path) -> SimpleNamespace:
    shop = demo.settings.model_copy(
        update={
            "server": ServerSettings(max_upload_mb=UPLOAD_LIMIT / 1_000_000),
            "identity": IdentitySettings(demo_sign_in=True),
        }
    )
    return SimpleNamespace(
        settings=shop,
        shop_dir=tmp_path,
        chat=ChatService(desk.assistant),
        store=desk.store,
        sessions=SESSIONS,
        customers=desk.orders,
        demo_customers=(),
        voice=None,
        voice_problem="no Whisper model here; run `shopclerk models pull`",
        synthesizer=None,
    )


@pytest.fixture
def client(clerk: SimpleNamespace) -> Iterator[TestClient]:
    with client_of(clerk) as client:
        yield client


@pytest.fixture
def hearing(clerk: SimpleNamespace) -> Iterator[TestClient]:
    clerk.voice, clerk.synthesizer = Voice(), Speaker()
    with client_of(clerk) as client:
        yield client
