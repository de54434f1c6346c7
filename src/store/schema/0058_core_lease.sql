-- Which core may write (src/lease/lease.h). A core over a file of its own needs none: there is no row.

-- owner: the core's name, '' when it was given back. epoch: grows with each owner. beat: grows with each of its transactions.
CREATE TABLE core_lease (
    shard   INTEGER PRIMARY KEY,
    owner   TEXT    NOT NULL,
    epoch   INTEGER NOT NULL,
    beat    INTEGER NOT NULL
);
