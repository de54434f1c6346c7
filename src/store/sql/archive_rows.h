/* Both sides of a concentrator's archive as SQL, one text for the room that writes differences and the view that shows
 * them. :line is the concentrator's device_id. */
#ifndef STORE_SQL_ARCHIVE_ROWS_H
#define STORE_SQL_ARCHIVE_ROWS_H

/* Baud rate as 376.1 F10 codes it: 0 unknown, 1 600, 2 1,200, 3 2,400, 4 4,800, 5 7,200, 6 9,600, 7 19,200. Meters of a
 * concentrator are read at 2,400 unless its line says otherwise; DL/T 645-1997 at 1,200. */
#define ARCHIVE_BAUD \
    " CASE l.baud WHEN 0 THEN CASE WHEN d.profile LIKE 'dlt645-1997%' THEN 2 ELSE 3 END" \
    " WHEN 600 THEN 1 WHEN 1200 THEN 2 WHEN 2400 THEN 3 WHEN 4800 THEN 4 WHEN 7200 THEN 5 WHEN 9600 THEN 6" \
    " WHEN 19200 THEN 7 ELSE 0 END "

#define ARCHIVE_PROTOCOL \
    " CASE WHEN d.profile LIKE 'dlt645-1997%' THEN l.code_dlt645_1997" \
    " WHEN d.kind = 'electricity' THEN l.code_dlt645 ELSE l.code_cjt188 END "

/* What it should hold: entry and measurement point have the same number. An entry has twelve digits: of an address of
 * fourteen (CJ/T 188) the first two, the maker's code, are left out. */
#define ARCHIVE_OURS_SELECT(line) \
    "SELECT d.measurement_point AS number, d.device_id AS device_id, CAST(d.address AS INTEGER) % 1000000000000 AS address," \
    " CASE WHEN d.parent_device_id <> d.line_device_id THEN CAST(p.address AS INTEGER) ELSE 0 END AS collector," \
    " d.port AS port," ARCHIVE_BAUD "AS baud_code," ARCHIVE_PROTOCOL "AS protocol_code," \
    " CASE d.kind WHEN 'electricity' THEN 4 ELSE 1 END AS tariffs" \
    " FROM line l CROSS JOIN device d ON d.line_device_id = l.device_id AND d.line_device_id > 0" \
    " AND d.measurement_point > 0 AND d.removed_s IS NULL" \
    " LEFT JOIN device p ON p.device_id = d.parent_device_id WHERE l.device_id = " line

#define ARCHIVE_THEIRS_SELECT(line) \
    "SELECT number, measurement_point, address, collector, port, baud_code, protocol_code, tariffs, user_class" \
    " FROM line_archive WHERE line_device_id = " line

/* Rate, tariffs and user class are written but not compared: concentrators put their own there. */
#define ARCHIVE_STATE \
    " CASE WHEN t.number IS NULL THEN 'missing' WHEN o.number IS NULL THEN 'foreign'" \
    " WHEN t.measurement_point <> o.number OR t.address <> o.address OR t.collector <> o.collector OR t.port <> o.port" \
    "  OR t.protocol_code <> o.protocol_code THEN 'wrong' ELSE 'agreed' END "

/* WITH ... then SELECT ... FROM this. */
#define ARCHIVE_BOTH \
    "WITH ours AS (" ARCHIVE_OURS_SELECT(":line") "), theirs AS (" ARCHIVE_THEIRS_SELECT(":line") ") "
#define ARCHIVE_JOIN " FROM ours o FULL JOIN theirs t ON t.number = o.number "

#endif
