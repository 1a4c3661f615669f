"""A Dask cluster of two workers on this machine: run by itself, it says where, and ends when it is told a line."""

import sys


def main() -> None:
    from distributed import LocalCluster

    here = "127.0.0.1"
    with LocalCluster(2, threads_per_worker=1, host=here, dashboard_address=f"{here}:0", silence_logs=50) as cluster:
        for nanny in cluster.workers.values():
            nanny.auto_restart = False  # a worker that is killed is gone
        print(cluster.scheduler_address, *(nanny.pid for nanny in cluster.workers.values()), flush=True)
        sys.stdin.readline()


if __name__ == "__main__":
    main()
