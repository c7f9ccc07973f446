"""The thread that answers comes first, and none of the others waits for ever."""

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from bot.baton import Baton, run


def test_whoever_waits_has_it_before_whoever_just_had_it():
    baton = Baton()
    for _ in range(20):
        steps = list[str]()

        def step(name: str, steps: list[str] = steps) -> None:
            assert baton.take(30)
            steps.append(name)
            baton.drop()

        assert baton.take(30)
        waiting = threading.Thread(target=step, args=("waited",))
        waiting.start()
        while not baton._next.locked():
            time.sleep(0.001)
        baton.drop()
        step("had it")
        waiting.join()
        assert steps == ["waited", "had it"]


def test_nobody_computes_while_the_loop_answers():
    baton, beside = Baton(), list[bool]()
    answering = done = False

    def decide() -> None:
        while not done:
            with baton.held():
                beside.append(answering)

    async def answer() -> None:
        nonlocal answering
        for _ in range(20):
            answering = True
            time.sleep(0.005)  # noqa: ASYNC251 - as what reads and seals a message, which gives the interpreter away
            answering = False
            await asyncio.sleep(0.001)

    with ThreadPoolExecutor(1) as other:
        deciding = other.submit(decide)
        run(baton, answer())
        done = True
        deciding.result()
    assert beside
    assert not any(beside)


def test_a_holder_who_waits_for_the_database_stops_no_answer():
    baton, free = Baton(), threading.Event()

    def stuck() -> None:
        with baton.held():
            free.wait(30)

    async def answers() -> int:
        async with asyncio.timeout(10):
            for _ in range(5):
                await asyncio.sleep(0)
        return 5

    with ThreadPoolExecutor(1) as other:
        waiting = other.submit(stuck)
        assert run(baton, answers()) == 5
        free.set()
        waiting.result()
    assert baton.take(1)
