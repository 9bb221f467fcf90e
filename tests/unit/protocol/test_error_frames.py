"""What API Gateway itself sends on a socket is no message of the gateway, and harms no worker."""

import json

import pytest

from spaces_protocol.codec import UnreadableMessage, decode_gateway_message
from tests.golden_files import golden_event


@pytest.mark.parametrize("name", ["websocket_error_frame", "websocket_error_frame_forbidden"])
def test_error_frame_of_api_gateway_is_told_apart(name):
    with pytest.raises(UnreadableMessage):
        decode_gateway_message(json.dumps(golden_event(name)))
