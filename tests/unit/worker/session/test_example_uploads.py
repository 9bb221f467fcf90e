"""What the gateway asks for of the files of examples, and registering after it was uploaded."""

from spaces_protocol.gateway_messages import ExampleUploads, UploadPolicy
from spaces_protocol.worker_messages import Drain, Register

POLICY = UploadPolicy(url="https://f.test/", fields={}, key_prefix="p/", max_bytes=1)
WANTED = ExampleUploads(space="translate", upload=POLICY, missing=["0" * 64])


def test_what_the_gateway_asks_for_is_passed_on_once(connected):
    assert connected.hear(WANTED) == []

    assert connected.session.take_example_uploads() == [WANTED]
    assert connected.session.take_example_uploads() == []


def test_the_worker_registers_again_after_an_upload_but_not_at_once(connected):
    connected.session.examples_uploaded(connected.now)

    assert connected.sent() == []
    (again,) = connected.wait(5)
    assert isinstance(again, Register)


def test_a_draining_worker_does_not_register_again(connected):
    connected.session.drain(connected.now)
    assert connected.sent() == [Drain()]

    connected.session.examples_uploaded(connected.now)

    assert connected.wait(10) == []
