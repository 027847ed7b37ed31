from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soulguard.effects import mail


def message(boundary="xyz", **headers):
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "a@x.example", "b@y.example", "Hi"
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content("hello")
    made.add_attachment(b"\x00", maintype="a", subtype="b", filename="f")
    made.set_boundary(boundary)
    return made.as_bytes()


def test_dates_ids_and_boundaries_are_not_part_of_a_mail():
    one = message("aaa", Date="Mon, 1 Jan 2024 00:00:00 GMT", Message_ID="<1@x>")
    two = message("bbb", Date="Tue, 2 Jan 2024 00:00:00 GMT", Message_ID="<2@x>")
    assert mail.parse(one) == mail.parse(two)


@pytest.mark.parametrize("change", [{"Cc": "c@z.example"}, {"Reply_To": "r@z.example"}])
def test_every_other_header_is(change):
    assert mail.parse(message(**change)) != mail.parse(message())


def test_line_ends_do_not_matter():
    text = message()
    assert mail.parse(text.replace(b"\n", b"\r\n")) == mail.parse(text)


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_a_message_id_is_set_and_nothing_else_is_touched(end):
    bare = end.join([b"Subject: x", b"", b"Message-ID: <in@body>"])
    made = mail.with_message_id(bare, "<k@x>")
    assert made == b"Message-ID: <k@x>" + end + bare
    assert mail.message_id(made) == "<k@x>"
    again = mail.with_message_id(made, "<other@x>")
    assert again == b"Message-ID: <other@x>" + end + bare


@given(st.binary(max_size=200))
def test_any_bytes_can_be_read(body):
    mail.parse(body)
    assert b"".join(mail.contents(body)) is not None
    assert mail.message_id(mail.with_message_id(body, "<k@x>")) == "<k@x>"


def test_the_words_of_headers_and_parts_are_given_decoded():
    letter = EmailMessage()
    letter["Subject"] = "Gr\u00fc\u00dfe"
    letter.set_content("\u00fc" * 80, cte="base64")
    said = list(mail.contents(letter.as_bytes()))
    assert "Subject: Gr\u00fc\u00dfe".encode() in said
    assert any("\u00fc".encode() * 80 in part for part in said)


def test_the_fields_of_a_mail_are_its_headers_what_is_attached_and_who_is_hidden():
    made = message(Cc="c@z.example", X_Trace="=?utf-8?q?caf=C3=A9?=")
    found = mail.fields(made, ["b@y.example", "C@z.example", "d@z.example"])
    assert found["subject"] == ["Hi"]
    assert found["x-trace"] == ["café"]
    assert (found["attachment"], found["bcc"]) == (["f"], ["d@z.example"])
    plain = mail.fields(b"To: b@y.example\r\n\r\nhello", ["b@y.example"])
    assert plain == {"to": ["b@y.example"]}
