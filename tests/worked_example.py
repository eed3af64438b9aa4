"""The worked example of a workload: it follows the seed's entity in one document."""

from __future__ import annotations

from typing import Final

#: What follows the seed's entity and test configuration in the worked example of the grammar.
WORKED_EXAMPLE: Final = """\
workload:
  target: sandbox              # sandbox | existing
  mode: mix                    # benchmark (default: each op alone, as in the seed) | mix
  model: closed                # closed (users loop) | open (arrivals, own rate)
  seed: 42                     # all random choices
  warmup: 5s                   # not measured, counted apart
  duration: 60s                # ends a mix; iterations ends a benchmark; whichever comes first if both
  concurrency: 50              # virtual users
  pool: {min: 5, max: 20, acquire_timeout: 5s, statement_cache_size: 100}
  think_time: {dist: exponential, mean: 50ms}      # none by default
  stages:                      # replaces duration; target = users (closed) or rate (open)
    - {duration: 30s, target: 50}
    - {duration: 1m, target: 50}
    - {duration: 10s, target: 0}
  # open model instead:
  # rate: 500/s
  # arrival: poisson           # poisson | constant
  # max_in_flight: 200         # beyond it arrivals are counted as dropped, not forgotten
  mix:                         # weights, any positive numbers; compiled and own ops
    order_status_query: 50
    complex_order_search: 20
    single_order_confirm: 20
    order_create: 5
    checkout: 5
  rows:
    pick: claim                # claim | lock | random | first
    when_exhausted: recycle    # recycle | create | stop
  session: {statement_timeout: 2s, client_min_messages: warning}
  setup:
    - sql: CREATE INDEX ON {{order}} ("status", "created_at" DESC)
    - analyze: [order]
  teardown: []                 # always runs, also after an error or Ctrl-C
  ops:
    checkout:
      kind: transaction
      params:
        customer: {ref: customer}
        amount: {decimal: {min: 10, max: 1010, scale: 2}}
      transaction:
        isolation: serializable          # read_committed | repeatable_read | serializable
        retry: {on: [serialization_failure, deadlock_detected], max: 3, backoff: 5ms}
        steps:
          - {sql: "INSERT INTO {{order}} (customer_id, status, total_amount) VALUES (:customer, 'pending', :amount) RETURNING id", as: order, expect: {rows: 1}}
          - {think: 10ms}
          - {sql: "SELECT order_confirm(:order.id)", expect: {not_null: true}}
    recent_orders:
      sql: SELECT * FROM {{order}} WHERE customer_id = :c ORDER BY created_at DESC LIMIT 20
      params: {c: {ref: customer, dist: zipf, s: 1.1}}
      requirements: {p95: 50ms, mean: 25ms, error_rate: "1%"}
    complex_order_processing:
      function: test_complex_order_processing_performance
data:
  order:
    total_amount: {decimal: {min: 10, max: 1010, scale: 2}}
    status: {choice: {pending: 70, confirmed: 20, shipped: 10}}
    created_at: {ago: {max: 365 days}}
"""  # noqa: E501
