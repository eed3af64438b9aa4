"""Workers on a job queue: each session registers as a worker, takes jobs, and signs off.

Run it with `perfengine run scenarios/with_setup.py --duration 10s`.
"""

import perfengine


@perfengine.setup
async def create_queue(client: perfengine.Client) -> None:
    """Make the queue and a worker table; once, before any session of the load."""
    await client.execute("""
        CREATE TABLE worker (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, jobs_done int, left_at timestamptz);
        CREATE TABLE job (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, payload text, worker bigint);
        CREATE INDEX job_open ON job (id) WHERE worker IS NULL;
        INSERT INTO job (payload) SELECT 'of yesterday' FROM generate_series(1, 1000);
    """)


@perfengine.operation("work_on_job", requirements={"p95": "250ms", "error_rate": 0.01})
class WorkOnJob:
    """Puts a job into the queue and takes the oldest one out. Every session has a worker of its own."""

    def __init__(self) -> None:
        self.worker = 0
        self.jobs_done = 0

    async def set_up(self, client: perfengine.Client) -> None:
        """Register; before the session's first attempt, and not measured."""
        self.worker = await client.fetchval("INSERT INTO worker (jobs_done) VALUES (0) RETURNING id")

    async def __call__(self, client: perfengine.Client) -> None:
        """One job in, one job out."""
        await client.execute("INSERT INTO job (payload) VALUES ($1)", client.draw.text(40))
        taken = await client.fetchval(
            """
            UPDATE job SET worker = $1
            WHERE id = (SELECT id FROM job WHERE worker IS NULL ORDER BY id FOR UPDATE SKIP LOCKED LIMIT 1)
            RETURNING id
            """,
            self.worker,
        )
        if taken is None:
            client.refuse("the queue is empty")
        self.jobs_done += 1

    async def tear_down(self, client: perfengine.Client) -> None:
        """Sign off; after the session's last attempt, and not measured."""
        await client.execute(
            "UPDATE worker SET jobs_done = $2, left_at = now() WHERE id = $1", self.worker, self.jobs_done
        )


@perfengine.teardown
async def check_queue(client: perfengine.Client) -> None:
    """Look at what the load has left; once, after all sessions. What is raised here fails the run."""
    orphans = await client.fetchval(
        "SELECT count(*) FROM job WHERE worker IS NOT NULL AND worker NOT IN (SELECT id FROM worker)"
    )
    if orphans:
        raise RuntimeError(f"{orphans} jobs were taken by nobody")
