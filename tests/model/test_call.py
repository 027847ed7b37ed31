from soulguard.model.call import Call


def test_a_call_knows_its_place():
    call = Call("POST", "https://API.Example.com:8443/v1/x?y=1#z")
    assert (call.host, call.path) == ("api.example.com", "/v1/x")
    assert call.slot == "POST api.example.com:8443/v1/x"


def test_a_url_without_a_path_has_one():
    assert Call("POST", "https://a.example").slot == "POST a.example/"


def test_a_mail_stands_at_its_recipients():
    assert Call("MAIL", "mailto:a@x.example,b@y.example").slot == (
        "MAIL a@x.example,b@y.example"
    )


def test_headers_are_found_in_any_case_and_the_first_one_counts():
    call = Call("POST", "https://a", (("X-A", "1"), ("x-a", "2")))
    assert (call.header("x-A"), call.header("none")) == ("1", "")
