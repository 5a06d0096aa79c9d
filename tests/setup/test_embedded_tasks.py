"""Without a worker short tasks run at once, long ones beside the page that asked for them."""

import threading

from django_tasks import task

from storefront.setup.embedded_tasks import EmbeddedBackend

done: list[tuple[str, str]] = []
let_go, finished = threading.Event(), threading.Event()


@task()
def short(name):
    done.append((name, threading.current_thread().name))


@task(priority=-10)
def long(name):
    let_go.wait(timeout=5)
    done.append((name, threading.current_thread().name))
    finished.set()


def test_a_long_task_does_not_keep_the_page_waiting():
    done.clear()
    backend = EmbeddedBackend("default", {})

    backend.enqueue(long, ("import",), {})
    backend.enqueue(short, ("mail",), {})
    assert [name for name, _thread in done] == ["mail"]
    let_go.set()

    assert finished.wait(timeout=5)
    assert done == [("mail", threading.current_thread().name), ("import", "background")]
