//! Queues: declared, routed to, consumed.
