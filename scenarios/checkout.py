"""A shop: customers look at products and buy some. Run it with `perfengine run scenarios/checkout.py`."""

import perfengine

PRODUCTS = 1_000


@perfengine.setup
async def create_shop(client: perfengine.Client) -> None:
    """Make the tables, with a stock that lasts. They go into the sandbox of the run and are dropped with it."""
    await client.execute("""
        CREATE TABLE product (
            id int PRIMARY KEY, price numeric(10, 2) NOT NULL, stock int NOT NULL CHECK (stock >= 0)
        );
        CREATE TABLE purchase (
            id uuid PRIMARY KEY, placed_at timestamptz NOT NULL DEFAULT now(), total numeric(12, 2)
        );
        CREATE TABLE purchase_line (
            purchase uuid REFERENCES purchase, product int REFERENCES product, pieces int NOT NULL,
            PRIMARY KEY (purchase, product)
        );
    """)
    await client.execute(
        "INSERT INTO product SELECT n, n % 90 + 9.99, 1000000 FROM generate_series(1, $1::int) AS n", PRODUCTS
    )
    await client.execute("ANALYZE product")


@perfengine.operation(weight=9, requirements={"p95": "100ms", "error_rate": 0.01}, read_only=True)
async def look(client: perfengine.Client) -> None:
    """Read one product."""
    product = client.draw.integer(1, PRODUCTS)
    row = await client.fetchrow("SELECT price, stock FROM product WHERE id = $1", product)
    if row is None:
        client.refuse("no such product")


@perfengine.operation(weight=1, requirements={"p95": "500ms", "error_rate": 0.01})
async def checkout(client: perfengine.Client) -> None:
    """Buy one to three products in one transaction."""
    first, lines = client.draw.integer(1, PRODUCTS - 3), client.draw.integer(1, 3)
    purchase = client.draw.uuid()
    async with client.transaction(isolation="read committed"):
        await client.execute("INSERT INTO purchase (id) VALUES ($1)", purchase)
        total = 0
        for product in range(
            first, first + lines
        ):  # by rising number: two customers never wait for each other
            price = await client.fetchval(
                "UPDATE product SET stock = stock - 1 WHERE id = $1 AND stock > 0 RETURNING price", product
            )
            if price is None:
                client.refuse("sold out")
            await client.execute("INSERT INTO purchase_line VALUES ($1, $2, 1)", purchase, product)
            total += price
        await client.execute("UPDATE purchase SET total = $2 WHERE id = $1", purchase, total)


if __name__ == "__main__":
    result = perfengine.run(look, checkout, duration="10s", concurrency=10)
    for judgement in result.judgements:
        print(judgement.operation, judgement.metric, judgement.verdict)  # noqa: T201 - a script of its own
