"""The tables, version by version."""

from __future__ import annotations

# Append only: a state of version n takes the scripts from n on. Instants are "2025-06-09T07:39:00Z", so
# that they sort as text; lists are JSON.
MIGRATIONS = (
    """
    CREATE TABLE item (
        id          TEXT PRIMARY KEY,
        source      TEXT NOT NULL,
        date        TEXT NOT NULL,     -- published, else first_seen: what the feeds sort by
        published   TEXT,              -- null: the page has no date that can be trusted, see doubt
        doubt       TEXT,              -- null: published is sure
        first_seen  TEXT NOT NULL,
        updated     TEXT NOT NULL,
        url         TEXT NOT NULL,     -- as the council serves it
        addresses   TEXT NOT NULL,     -- of its own page, the surest first
        title       TEXT NOT NULL,
        blocks      TEXT NOT NULL,
        text        TEXT NOT NULL,
        pictures    TEXT NOT NULL,
        files       TEXT NOT NULL,
        categories  TEXT NOT NULL,
        author      TEXT,              -- null: the page names none
        text_key    TEXT NOT NULL
    );
    CREATE INDEX item_newest ON item (source, date DESC, id);
    CREATE INDEX item_alike ON item (source, text_key);

    CREATE TABLE address (             -- every comparing key under which an item was ever met, reposts' included
        source      TEXT NOT NULL,
        key         TEXT NOT NULL,
        item        TEXT NOT NULL REFERENCES item (id),
        PRIMARY KEY (source, key)
    ) WITHOUT ROWID;

    CREATE TABLE visit (
        source      TEXT NOT NULL,
        url         TEXT NOT NULL,
        listing     INTEGER NOT NULL,  -- 1: a listing page, 0: an article that a listing named
        rank        INTEGER NOT NULL,  -- place in the listing when first named, 0 is the newest
        date        TEXT,              -- as the listing had it, as found; null: it had none
        asked       TEXT,              -- null: nobody has asked yet
        etag        TEXT,              -- of the last good answer
        last_modified TEXT,
        failures    INTEGER NOT NULL,  -- in a row
        error       TEXT,              -- of the last attempt; null: it went well
        status      INTEGER,           -- HTTP's, of the last failure; null: no answer, or not understood
        item        TEXT,              -- what stood there; null: nothing yet
        behind      INTEGER,           -- of a listing: how many pages are still to be turned; null: none
        PRIMARY KEY (source, url)
    ) WITHOUT ROWID;
    CREATE INDEX visit_pending ON visit (source) WHERE asked IS NULL OR error IS NOT NULL;
    CREATE INDEX visit_item ON visit (item);

    CREATE TABLE medium (              -- what a server said of a file
        url         TEXT PRIMARY KEY,
        type        TEXT,              -- null: it did not say, or has no such file
        length      INTEGER,           -- bytes
        asked       TEXT NOT NULL
    ) WITHOUT ROWID;

    CREATE TABLE robots (origin TEXT PRIMARY KEY, text TEXT NOT NULL, asked TEXT NOT NULL) WITHOUT ROWID;

    CREATE TABLE source (
        id          TEXT PRIMARY KEY,
        icon        TEXT,
        logo        TEXT,
        closes_pages INTEGER NOT NULL DEFAULT 0,
        succeeded   TEXT,              -- null: no run has gone well yet
        emitted     TEXT,              -- what the published feeds were made from; null: none were
        authority   TEXT,              -- the domain in the ids of its items, from its first day on
        layout      TEXT,              -- what the pages were read by; null: none were
        backfill    TEXT,              -- the listing page to go on with; null: no backfill is under way
        revision    INTEGER NOT NULL DEFAULT 0  -- grows with every change of an item or of the site's facts
    ) WITHOUT ROWID;
    """,
    """
    ALTER TABLE source ADD COLUMN learnt TEXT;      -- the layout that was found, with its evidence; null: none was
    ALTER TABLE source ADD COLUMN searched TEXT;    -- when a layout was last looked for in vain; null: never
    ALTER TABLE item ADD COLUMN layout TEXT;        -- what its page was last read by; null: it was not written down
    """,
    """
    ALTER TABLE item ADD COLUMN gone TEXT;          -- when it was withdrawn; null: it is published
    ALTER TABLE item ADD COLUMN gone_by TEXT;       -- council, operator, feed; null: it is published
    ALTER TABLE item ADD COLUMN reason TEXT;        -- why it was withdrawn
    ALTER TABLE item ADD COLUMN is_read INTEGER NOT NULL DEFAULT 1;  -- 0: known from published feeds, without its text
    ALTER TABLE visit ADD COLUMN due TEXT;          -- when to look again at what went well; null: never
    ALTER TABLE visit ADD COLUMN gone_since TEXT;   -- the first "not there" without a good answer since; null: none
    ALTER TABLE visit ADD COLUMN gone_times INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE visit ADD COLUMN words TEXT;        -- the text_key of what was read there last; null: not written down
    ALTER TABLE source ADD COLUMN origin TEXT;      -- scheme and host of its addresses; null: nothing was read yet
    ALTER TABLE source ADD COLUMN led_to TEXT;      -- a host to which the site leads, accepted by hand; null: none
    ALTER TABLE source ADD COLUMN looked TEXT;      -- when a listing was last read and nothing was odd; null: never
    ALTER TABLE source ADD COLUMN accepted TEXT;    -- when somebody last let a run through; null: never
    ALTER TABLE source ADD COLUMN forgone TEXT;     -- "yes": items that cannot be read again are not waited for
    CREATE TABLE tally (               -- what the runs of an hour did
        source      TEXT NOT NULL,
        hour        TEXT NOT NULL,
        added       INTEGER NOT NULL,
        changed     INTEGER NOT NULL,
        seen        INTEGER NOT NULL,
        withdrawn   INTEGER NOT NULL,
        PRIMARY KEY (source, hour)
    ) WITHOUT ROWID;
    CREATE TABLE rest (                -- hosts that are left in peace
        host        TEXT PRIMARY KEY,
        until       TEXT NOT NULL,
        why         TEXT NOT NULL,
        failures    INTEGER NOT NULL,  -- runs in a row
        asked       TEXT NOT NULL
    ) WITHOUT ROWID;
    ALTER TABLE source ADD COLUMN brake TEXT;       -- JSON: why nothing is published, since when; null: all is well
    DROP INDEX item_newest;
    CREATE INDEX item_newest ON item (source, date DESC, id) WHERE gone IS NULL AND is_read;
    CREATE INDEX item_length ON item (source, length(text));
    CREATE INDEX item_gone ON item (source, gone DESC, id) WHERE gone IS NOT NULL;
    CREATE INDEX item_unread ON item (source) WHERE NOT is_read;
    CREATE INDEX visit_due ON visit (source, due) WHERE due IS NOT NULL;
    CREATE INDEX visit_gone ON visit (source, gone_since) WHERE gone_since IS NOT NULL;
    CREATE INDEX address_item ON address (item);
    UPDATE visit SET words = 'read' WHERE listing = 1 AND asked IS NOT NULL AND error IS NULL;
    UPDATE visit SET due = (  -- as the rule has it: an interval as long as the item was old when it was last read
        SELECT strftime('%Y-%m-%dT%H:%M:%SZ', julianday(asked) + max(1.0 / 24, julianday(asked) - julianday(item.date)))
        FROM item WHERE item.id = visit.item
    ) WHERE asked IS NOT NULL AND item IS NOT NULL AND listing = 0;
    """,
    """
    DROP TABLE robots;                 -- it is asked for anew
    CREATE TABLE robots (
        origin      TEXT PRIMARY KEY,
        text        TEXT,              -- "": there is none; null: it could not be had yet
        asked       TEXT NOT NULL,
        until       TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE moved (               -- permanent redirects
        url         TEXT PRIMARY KEY,
        target      TEXT NOT NULL,
        since       TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE traffic (             -- what the last runs asked of a source's site
        source      TEXT NOT NULL,
        asked       TEXT NOT NULL,
        requests    INTEGER NOT NULL,
        unmodified  INTEGER NOT NULL,
        bytes       INTEGER NOT NULL,
        PRIMARY KEY (source, asked)
    ) WITHOUT ROWID;
    ALTER TABLE source ADD COLUMN restored TEXT;    -- "yes": this is a copy, and the published feeds may know more
    """,
    """
    CREATE TABLE member (              -- which items are published together, besides in their source's own feed
        source      TEXT NOT NULL,
        name        TEXT NOT NULL,     -- category/novyny, feed/vpo, archive/2025-11
        date        TEXT NOT NULL,     -- the item's
        item        TEXT NOT NULL REFERENCES item (id),
        PRIMARY KEY (source, name, date DESC, item)
    ) WITHOUT ROWID;
    CREATE INDEX member_item ON member (item);
    CREATE TABLE collection (          -- those that have items
        source      TEXT NOT NULL,
        name        TEXT NOT NULL,
        title       TEXT NOT NULL,
        items       INTEGER NOT NULL,
        PRIMARY KEY (source, name)
    ) WITHOUT ROWID;
    CREATE TABLE touched (             -- items that have changed since somebody last asked where they stand
        source      TEXT NOT NULL,
        item        TEXT NOT NULL,
        PRIMARY KEY (source, item)
    ) WITHOUT ROWID;
    CREATE TABLE stale (               -- collections whose documents are to be written again; "": the source's own
        source      TEXT NOT NULL,
        name        TEXT NOT NULL,
        PRIMARY KEY (source, name)
    ) WITHOUT ROWID;
    CREATE TABLE document (            -- what is published: of a collection, of a source's own feed, of its pages
        source      TEXT NOT NULL,     -- "": of all sources
        name        TEXT NOT NULL,
        stands      TEXT NOT NULL,     -- a fingerprint of its files as they were left
        PRIMARY KEY (source, name)
    ) WITHOUT ROWID;
    CREATE TABLE forms (               -- of a word, as the dictionary has them
        language    TEXT NOT NULL,
        word        TEXT NOT NULL,
        forms       TEXT NOT NULL,     -- a list
        PRIMARY KEY (language, word)
    ) WITHOUT ROWID;
    ALTER TABLE source ADD COLUMN setting TEXT;  -- a fingerprint of all but the items that its files are made from
    CREATE TABLE ping (                -- hubs that are still to be told that a feed has changed
        hub         TEXT NOT NULL,
        topic       TEXT NOT NULL,     -- the feed's address
        since       TEXT NOT NULL,     -- the first change that the hub has not been told of
        failures    INTEGER NOT NULL,  -- runs in a row in which the hub did not take what it was told
        error       TEXT,              -- why, the last time; null: there was none
        asked       TEXT,              -- when the hub was last told of this very feed, in vain; null: never
        PRIMARY KEY (hub, topic)
    ) WITHOUT ROWID;
    """,
    # 6: what a run asks for grows with what is new, and not with what is known
    """
    CREATE INDEX visit_failed ON visit (source, url) WHERE error IS NOT NULL;
    CREATE INDEX visit_unasked ON visit (source, url) WHERE asked IS NULL;
    DROP INDEX visit_pending;
    """,
    # 7: SQLite is told once that few of many pages have failed or wait, so that no statement need name an index
    """
    ANALYZE sqlite_master;
    DELETE FROM sqlite_stat1 WHERE tbl = 'visit';
    INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
        ('visit', 'visit', '100000 100000 1'),
        ('visit', 'visit_failed', '10 10 1'),
        ('visit', 'visit_unasked', '10 10 1'),
        ('visit', 'visit_gone', '10 10 1'),
        ('visit', 'visit_due', '100000 100000 2'),
        ('visit', 'visit_item', '100000 1');
    ANALYZE sqlite_master;
    """,
    # 8: what a listing's row says of an article that names no title or category itself
    """
    ALTER TABLE visit ADD COLUMN title TEXT;        -- as the listing had it; null: none that is this article's alone
    ALTER TABLE visit ADD COLUMN categories TEXT;   -- as the listing had them; null: none
    """,
    # 9: what the listings name now, what their rows say of an article whose page cannot be read, tokens in links
    """
    ALTER TABLE visit ADD COLUMN teaser TEXT;       -- the row's other lines; null: none
    ALTER TABLE source ADD COLUMN named TEXT;       -- JSON: by listing, the pages named and the lines not read
    ALTER TABLE source ADD COLUMN fleeting TEXT;    -- a list of parameters that are new at each look; null: none
    """,
    # 10: each row proves itself; what is dated into the future is found at once
    """
    CREATE TABLE script (              -- the migrations that made this state
        version     INTEGER PRIMARY KEY,
        hash        TEXT NOT NULL      -- of its statements
    );
    ALTER TABLE item ADD COLUMN proof TEXT;         -- a fingerprint of its cells; null: written by other hands
    ALTER TABLE address ADD COLUMN proof TEXT;
    UPDATE item SET proof = proof(
        CAST(id AS BLOB), CAST(source AS BLOB), CAST(date AS BLOB), CAST(published AS BLOB),
        CAST(doubt AS BLOB), CAST(first_seen AS BLOB), CAST(updated AS BLOB), CAST(url AS BLOB),
        CAST(addresses AS BLOB), CAST(title AS BLOB), CAST(blocks AS BLOB), CAST(text AS BLOB),
        CAST(pictures AS BLOB), CAST(files AS BLOB), CAST(categories AS BLOB), CAST(author AS BLOB),
        CAST(text_key AS BLOB), CAST(layout AS BLOB), CAST(gone AS BLOB), CAST(gone_by AS BLOB),
        CAST(reason AS BLOB), CAST(is_read AS BLOB)
    );
    ALTER TABLE tally ADD COLUMN categories INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE source ADD COLUMN proof TEXT;
    ALTER TABLE source ADD COLUMN asked TEXT;       -- when its listings were last asked for; null: never, or not noted
    ALTER TABLE source ADD COLUMN due TEXT;         -- when news are to be expected again; null: at the next run
    UPDATE source SET proof = proof(
        CAST(id AS BLOB), CAST(authority AS BLOB), CAST(origin AS BLOB), CAST(led_to AS BLOB), CAST(learnt AS BLOB)
    );
    UPDATE address SET proof = proof(CAST(key AS BLOB), CAST(source AS BLOB), CAST(item AS BLOB));
    CREATE INDEX item_updated ON item (source, updated);
    CREATE TABLE object (              -- what is in a bucket, as it was last seen
        place       TEXT NOT NULL,     -- s3://bucket/prefix
        source      TEXT NOT NULL,     -- "": of all sources
        name        TEXT NOT NULL,     -- zrazkiv/rss.xml.gz
        etag        TEXT NOT NULL,
        sent        TEXT,              -- a fingerprint of bytes and headers; null: somebody else has written it
        mark        TEXT,              -- the whole text of a source's mark; null: it is another file
        PRIMARY KEY (place, source, name)
    ) WITHOUT ROWID;
    CREATE TABLE request (             -- hosts, where several machines ask them
        host        TEXT PRIMARY KEY,
        at          TEXT               -- of the last request, by the server's clock; null: it is being asked, or was
    ) WITHOUT ROWID;
    CREATE TABLE thumbnail (           -- pictures that an item shows, and their small copies on the publisher's host
        source      TEXT NOT NULL,
        item        TEXT NOT NULL REFERENCES item (id),
        url         TEXT NOT NULL,
        due         TEXT,              -- when to ask for it; null: not again
        failures    INTEGER NOT NULL,  -- in a row
        file        TEXT,              -- the copy's, in its source's folder; null: there is none
        width       INTEGER,           -- of the copy, in pixels
        height      INTEGER,
        error       TEXT,              -- why there is none; null: there is one, or nobody has asked yet
        PRIMARY KEY (source, item, url)
    ) WITHOUT ROWID;
    CREATE INDEX thumbnail_due ON thumbnail (source, due) WHERE due IS NOT NULL;
    CREATE TABLE watch (               -- how each source was after the last run; those always well are not there
        source      TEXT PRIMARY KEY,
        state       TEXT NOT NULL,
        since       TEXT NOT NULL,
        why         TEXT NOT NULL,
        way_out     TEXT NOT NULL,
        ailing      TEXT,              -- since when it is not well; null: it is
        well        TEXT,              -- since when it is well again; null: it is not
        open        TEXT,              -- "yes": the operator was told of trouble, and not yet that it is over
        told        TEXT NOT NULL      -- JSON: state -> when it was said last, how often, of what
    ) WITHOUT ROWID;
    CREATE TABLE message (             -- what the operator was told
        source      TEXT NOT NULL,
        at          TEXT NOT NULL,
        state       TEXT NOT NULL,
        words       TEXT NOT NULL,
        PRIMARY KEY (source, at, state)
    ) WITHOUT ROWID;
    CREATE TABLE look (                -- a source's days in numbers
        source      TEXT NOT NULL,
        day         TEXT NOT NULL,
        looks       INTEGER NOT NULL,  -- hours in which its listing was read
        failures    INTEGER NOT NULL,  -- runs in which something failed
        PRIMARY KEY (source, day)
    ) WITHOUT ROWID;
    CREATE TABLE edit (                -- when items were changed after they were published, of the last months
        source      TEXT NOT NULL,
        item        TEXT NOT NULL,
        at          TEXT NOT NULL,
        PRIMARY KEY (source, item, at)
    ) WITHOUT ROWID;
    -- As for pages in 7: the indexes begin with the source, and SQLite would take the newest for all that asks for it.
    DELETE FROM sqlite_stat1 WHERE tbl = 'item';
    INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
        ('item', 'sqlite_autoindex_item_1', '1000000 1'),
        ('item', 'item_alike', '1000000 10000 1'),
        ('item', 'item_length', '1000000 10000 50'),
        ('item', 'item_newest', '1000000 10000 2 1'),
        ('item', 'item_gone', '1000 100 2 1'),
        ('item', 'item_unread', '100 10'),
        ('item', 'item_updated', '1000000 10000 2');
    ANALYZE sqlite_master;
    UPDATE visit SET title = NULL, categories = NULL, teaser = NULL
        WHERE item IN (SELECT id FROM item WHERE gone IS NOT NULL AND gone_by <> 'council');
    ALTER TABLE source ADD COLUMN retired TEXT;     -- when an operator closed it; null: it is open
    ALTER TABLE source ADD COLUMN redating TEXT;    -- JSON: how far items' dates were read again; null: they are not
    ALTER TABLE source ADD COLUMN formerly TEXT;    -- a list: the ids that it had, the first of them first; null: none
    """,
    # 11: that this machine's clock was set back is known until the site's clock can be seen
    """
    ALTER TABLE source ADD COLUMN set_back TEXT;    -- the latest instant known while the clock was before it
    """,
)
