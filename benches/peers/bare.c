/* Writes the rows of a package again, with SQLite and deflate alone: bare COLLECTION OUT. No Markdown, no HTML, no identity:
   the least that a program on one core needs which has SQLite write its database. Prints CPU seconds (user and system) from
   when the rows are in memory, and the peak of the memory in KiB.
   Built with the SQLite that deckle is built with: benches/peers/run. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <zlib.h>

typedef struct {
    sqlite3_int64 id, type, time, checksum, due, deck;
    char *guid, *tags, *fields, *sort_field;
} Note;

static const char TABLES[] =
    "pragma journal_mode = off; pragma synchronous = off; begin;"
    "create table notes (id integer primary key, guid text not null, mid integer not null, mod integer not null,"
    " usn integer not null, tags text not null, flds text not null, sfld integer not null, csum integer not null,"
    " flags integer not null, data text not null);"
    "create table cards (id integer primary key, nid integer not null, did integer not null, ord integer not null,"
    " mod integer not null, usn integer not null, type integer not null, queue integer not null, due integer not null,"
    " ivl integer not null, factor integer not null, reps integer not null, lapses integer not null, left integer not null,"
    " odue integer not null, odid integer not null, flags integer not null, data text not null)";

static const char INDEXES[] =
    "create index ix_notes_usn on notes (usn); create index ix_notes_csum on notes (csum);"
    "create index ix_cards_usn on cards (usn); create index ix_cards_nid on cards (nid);"
    "create index ix_cards_sched on cards (did, queue, due); commit";

static double used(struct rusage *usage) {
    getrusage(RUSAGE_SELF, usage);
    return usage->ru_utime.tv_sec + usage->ru_stime.tv_sec + (usage->ru_utime.tv_usec + usage->ru_stime.tv_usec) * 1e-6;
}

static void check(int is_well, const char *what) {
    if (!is_well) {
        fprintf(stderr, "bare: %s\n", what);
        exit(1);
    }
}

static char *text(sqlite3_stmt *row, int column) { return strdup((const char *)sqlite3_column_text(row, column)); }

static Note *read_notes(const char *path, int *count) {
    sqlite3 *collection;
    sqlite3_stmt *rows;
    int room = 1024;
    Note *notes = malloc(room * sizeof(Note));
    check(sqlite3_open(path, &collection) == SQLITE_OK, path);
    check(sqlite3_prepare_v2(collection,
                             "select n.id, n.mid, n.mod, n.csum, c.due, c.did, n.guid, n.tags, n.flds, n.sfld from notes n"
                             " join cards c on c.nid = n.id and c.ord = 0 order by n.id",
                             -1, &rows, 0) == SQLITE_OK, "no rows");
    for (*count = 0; sqlite3_step(rows) == SQLITE_ROW; ++*count) {
        if (*count == room)
            notes = realloc(notes, (room *= 2) * sizeof(Note));
        notes[*count] = (Note){sqlite3_column_int64(rows, 0), sqlite3_column_int64(rows, 1), sqlite3_column_int64(rows, 2),
                               sqlite3_column_int64(rows, 3), sqlite3_column_int64(rows, 4), sqlite3_column_int64(rows, 5),
                               text(rows, 6), text(rows, 7), text(rows, 8), text(rows, 9)};
    }
    sqlite3_finalize(rows);
    sqlite3_close(collection);
    return notes;
}

static void insert(sqlite3 *database, const Note *notes, int count) {
    sqlite3_stmt *note, *card;
    sqlite3_prepare_v2(database, "insert into notes values (?, ?, ?, ?, -1, ?, ?, ?, ?, 0, '')", -1, &note, 0);
    sqlite3_prepare_v2(database, "insert into cards values (?, ?, ?, 0, ?, -1, 0, 0, ?, 0, 0, 0, 0, 0, 0, 0, 0, '')", -1, &card, 0);
    for (const Note *row = notes; row < notes + count; row++) {
        sqlite3_bind_int64(note, 1, row->id);
        sqlite3_bind_text(note, 2, row->guid, -1, SQLITE_STATIC);
        sqlite3_bind_int64(note, 3, row->type);
        sqlite3_bind_int64(note, 4, row->time);
        sqlite3_bind_text(note, 5, row->tags, -1, SQLITE_STATIC);
        sqlite3_bind_text(note, 6, row->fields, -1, SQLITE_STATIC);
        sqlite3_bind_text(note, 7, row->sort_field, -1, SQLITE_STATIC);
        sqlite3_bind_int64(note, 8, row->checksum);
        check(sqlite3_step(note) == SQLITE_DONE, "a note is not taken");
        sqlite3_reset(note);
        sqlite3_bind_int64(card, 1, row->id);
        sqlite3_bind_int64(card, 2, row->id);
        sqlite3_bind_int64(card, 3, row->deck);
        sqlite3_bind_int64(card, 4, row->time);
        sqlite3_bind_int64(card, 5, row->due);
        check(sqlite3_step(card) == SQLITE_DONE, "a card is not taken");
        sqlite3_reset(card);
    }
    sqlite3_finalize(note);
    sqlite3_finalize(card);
}

static void pack(sqlite3 *database, const char *path) {
    sqlite3_int64 size;
    unsigned char *bytes = sqlite3_serialize(database, "main", &size, SQLITE_SERIALIZE_NOCOPY);
    if (!bytes)
        bytes = sqlite3_serialize(database, "main", &size, 0);
    z_stream stream = {0};
    deflateInit2(&stream, 2, Z_DEFLATED, -15, 9, Z_DEFAULT_STRATEGY);
    unsigned long room = deflateBound(&stream, size);
    unsigned char *packed = malloc(room);
    stream.next_in = bytes, stream.avail_in = size, stream.next_out = packed, stream.avail_out = room;
    check(deflate(&stream, Z_FINISH) == Z_STREAM_END, "it does not fit");
    unsigned long sum = crc32(0, bytes, size);
    FILE *file = fopen(path, "wb");
    check(file && fwrite(packed, 1, stream.total_out, file) == stream.total_out && fwrite(&sum, 4, 1, file) == 1, path);
    fclose(file);
}

int main(int count, char **arguments) {
    int notes_count;
    struct rusage usage;
    sqlite3 *database;
    check(count == 3, "bare COLLECTION OUT");
    Note *notes = read_notes(arguments[1], &notes_count);
    double start = used(&usage);
    sqlite3_open(":memory:", &database);
    sqlite3_exec(database, TABLES, 0, 0, 0);
    insert(database, notes, notes_count);
    sqlite3_exec(database, INDEXES, 0, 0, 0);
    pack(database, arguments[2]);
    double end = used(&usage);
    printf("%.3f %ld\n", end - start, usage.ru_maxrss);
}
