"""python -m twin: the command line."""

import os
import signal
import sys


def main() -> int:
    """Run the command; leave quietly when interrupted, or when nobody reads the output any more."""
    try:
        from twin.cli import main as command_line

        status = command_line()
    except KeyboardInterrupt:
        end_workers()
        return 128 + signal.SIGINT
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or Python complains once more at its end
        return 0
    if "twin.serve" in sys.modules:
        leave(status)
    return status


def end_workers() -> None:
    """End the workers at once: what they still play is of no use any more."""
    from multiprocessing import active_children, forkserver

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    server = getattr(forkserver._forkserver, "_forkserver_pid", None)  # no public name; it would go on making workers
    if server is not None:
        os.kill(server, signal.SIGKILL)
    for worker in active_children():
        worker.terminate()


def leave(status: int) -> None:
    """End the app's process without waiting for threads of the web server; the store is closed already."""
    import atexit

    end_workers()
    atexit._run_exitfuncs()
    sys.stderr.flush()
    os._exit(status)


if __name__ == "__main__":
    sys.exit(main())
