from soulguard.supervisor import tokens


def ask(run, place="sqs.Send.Token", text="[]"):
    answer = run.handlers["call.token"](run.peer, {"place": place, "text": text}, [])
    return answer.decision.data["token"]


def test_the_same_questions_get_the_same_tokens_in_every_attempt(run):
    first = [ask(run), ask(run), ask(run, text="[1]"), ask(run, place="x")]
    assert len(set(first)) == 4
    run.restart()
    assert [ask(run), ask(run), ask(run, text="[1]"), ask(run, place="x")] == first


def test_no_token_is_given_twice_in_one_attempt_however_many_there_are(
    run, monkeypatch
):
    monkeypatch.setattr(tokens, "_KEPT", 4)
    given = [ask(run, text=str(n % 7)) for n in range(60)]
    assert len(set(given)) == 60
