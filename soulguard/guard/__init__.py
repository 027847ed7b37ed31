"""Inside the agent's process: recognise an effect, ask the broker, act on its decision.

Standard library only, and nothing that the agent might patch later: no `socket`, no
`threading`, no `logging`. Nothing is decided here. The real `open`, sockets and process
calls are reached through `originals` alone.
"""
