-- What the texts of the rooms call and PostgreSQL does not know by that name, or knows otherwise. Made anew whenever this file
-- changes; names and words that the program has tables of (problems, refusals, kinds) come from there: postgres_names.c.

-- Scalars by SQLite's names.
CREATE OR REPLACE FUNCTION instr(text, text) RETURNS integer IMMUTABLE LANGUAGE sql AS 'SELECT pg_catalog.strpos($1, $2)';

-- A number with zeros before it: '%012lld'.
CREATE OR REPLACE FUNCTION printf(form text, number bigint) RETURNS text IMMUTABLE STRICT LANGUAGE sql AS
'SELECT lpad(number::text, greatest(pg_catalog.substr(form, 3, 2)::integer, length(number::text)), ''0'')';

-- A negative start counts from the end.
CREATE OR REPLACE FUNCTION substr(text, bigint) RETURNS text IMMUTABLE LANGUAGE sql AS
'SELECT CASE WHEN $2 < 0 THEN pg_catalog.right($1, -$2::integer) ELSE pg_catalog.substr($1, $2::integer) END';
CREATE OR REPLACE FUNCTION substr(text, integer) RETURNS text IMMUTABLE LANGUAGE sql AS
'SELECT CASE WHEN $2 < 0 THEN pg_catalog.right($1, -$2) ELSE pg_catalog.substr($1, $2) END';
CREATE OR REPLACE FUNCTION substr(text, bigint, bigint) RETURNS text IMMUTABLE LANGUAGE sql AS
'SELECT pg_catalog.substr($1, $2::integer, $3::integer)';

CREATE OR REPLACE FUNCTION sum_add(bigint, boolean) RETURNS bigint IMMUTABLE PARALLEL SAFE LANGUAGE sql AS
'SELECT CASE WHEN $2 IS NULL THEN $1 ELSE coalesce($1, 0) + CASE WHEN $2 THEN 1 ELSE 0 END END';
-- How many of the comparisons hold.
CREATE OR REPLACE AGGREGATE sum(boolean) (SFUNC = sum_add, STYPE = bigint);

-- A moment with SQLite's modifiers 'unixepoch', 'start of month', 'start of year' and '+1 month'.
CREATE OR REPLACE FUNCTION moment(seconds bigint, VARIADIC modifiers text[]) RETURNS timestamp IMMUTABLE LANGUAGE plpgsql AS $$
DECLARE
    at timestamp := timestamp '1970-01-01' + seconds * interval '1 second';
    modifier text;
BEGIN
    FOREACH modifier IN ARRAY modifiers LOOP
        IF modifier LIKE 'start of %' THEN
            at := date_trunc(pg_catalog.substr(modifier, 10), at);
        ELSIF modifier <> 'unixepoch' THEN
            at := at + modifier::interval;
        END IF;
    END LOOP;
    RETURN at;
END $$;
CREATE OR REPLACE FUNCTION strftime(form text, seconds bigint, VARIADIC modifiers text[]) RETURNS text IMMUTABLE LANGUAGE sql AS $$
SELECT CASE form WHEN '%s' THEN extract(epoch FROM moment(seconds, VARIADIC modifiers))::bigint::text
    ELSE to_char(moment(seconds, VARIADIC modifiers), replace(replace(replace(form, '%Y', 'YYYY'), '%m', 'MM'), '%d', 'DD')) END $$;
CREATE OR REPLACE FUNCTION date(seconds bigint, unit text) RETURNS text IMMUTABLE LANGUAGE sql AS
$$SELECT to_char(timestamp '1970-01-01' + seconds * interval '1 second', 'YYYY-MM-DD')$$;

CREATE OR REPLACE FUNCTION datetime(seconds bigint, unit text) RETURNS text IMMUTABLE LANGUAGE sql AS
$$SELECT to_char(timestamp '1970-01-01' + seconds * interval '1 second', 'YYYY-MM-DD HH24:MI:SS')$$;

-- The elements of a list, as SQLite gives them, numbered from 0; of an object whose names are numbers, too.
CREATE OR REPLACE FUNCTION json_each(list text) RETURNS TABLE (key bigint, value text) IMMUTABLE LANGUAGE sql AS $$
SELECT number - 1, element FROM json_array_elements_text(CASE json_typeof(list::json) WHEN 'array' THEN list::json ELSE '[]' END)
    WITH ORDINALITY AS elements (element, number)
UNION ALL SELECT name::bigint, member
    FROM json_each_text(CASE json_typeof(list::json) WHEN 'object' THEN list::json ELSE '{}' END) AS members (name, member) $$;

-- Figures that views compute (src/store/sqlite/view_functions.c is their other side).

-- How many days from `from_day` to `to_day` the map of 64 days says are there; bit k is the day newest - k.
CREATE OR REPLACE FUNCTION days_known(map bigint, newest bigint, from_day bigint, to_day bigint) RETURNS bigint
IMMUTABLE STRICT LANGUAGE sql AS
'SELECT count(*) FROM generate_series(greatest(newest - to_day, 0), least(newest - from_day, 63)) k WHERE map >> k::integer & 1 <> 0';

-- The day before the whole days that end with the newest; 0 when nothing lacks since the meter was installed.
CREATE OR REPLACE FUNCTION gap_day(map bigint, newest bigint, installed bigint) RETURNS bigint IMMUTABLE STRICT LANGUAGE sql AS
'SELECT CASE WHEN newest = 0 OR run IS NULL OR newest - run <= installed THEN 0 ELSE newest - run END
 FROM (SELECT min(k) AS run FROM generate_series(0, 63) k WHERE map >> k & 1 = 0) first_missing';

-- value x scale_e3 / 1000, rounded half away from zero; NULL beyond 64 bits.
CREATE OR REPLACE FUNCTION scale_value(value bigint, scale_e3 bigint) RETURNS bigint IMMUTABLE STRICT LANGUAGE sql AS
'SELECT CASE WHEN abs(exact) < 9223372036854775807 THEN exact::bigint END FROM (SELECT round(value::numeric * scale_e3 / 1000) AS exact) x';

-- What a bill's late fee comes to on a day, less what was booked or waived of it (rating/late_fee.h); the facts are those that
-- view bill_open lists: rate, rate of later years, minimum, cap, grace, due day, last day, rest, and of what was paid late the
-- sum, its days in the year and later, and what was taken.
CREATE OR REPLACE FUNCTION late_fee(facts text, on_day bigint) RETURNS bigint IMMUTABLE LANGUAGE plpgsql AS $$
DECLARE
    f numeric[];
    late_from bigint;
    until_day bigint;
    year_end bigint;
    same_days bigint := 0;
    later_days bigint := 0;
    same numeric;
    later numeric;
    fee numeric;
BEGIN
    IF facts IS NULL THEN
        RETURN 0;
    END IF;
    SELECT array_agg(coalesce(value, '0')::numeric ORDER BY key) INTO f FROM json_each(facts);
    until_day := CASE WHEN f[7] <> 0 AND on_day > f[7] THEN f[7] ELSE on_day END;
    late_from := f[6] + f[5];
    IF f[8] < 0 OR f[8] + f[9] > 10000000000000 THEN
        RETURN 0;
    END IF;
    IF until_day > late_from THEN
        year_end := (date_trunc('year', timestamp '1970-01-01' + f[6]::integer * interval '1 day') + interval '1 year')::date
            - date '1970-01-01' - 1;
        IF until_day - late_from > 36600 THEN
            until_day := late_from + 36600;
        END IF;
        same_days := greatest(least(until_day, year_end) - late_from, 0);
        later_days := until_day - late_from - same_days;
    END IF;
    same := f[10] + f[8] * same_days;
    later := f[11] + f[8] * later_days;
    IF least(f[1], f[2], f[3], f[4], same, later) < 0 OR greatest(f[1], f[2], f[4]) > 100000000 THEN
        RETURN 0;
    END IF;
    fee := round((same * f[1] + later * f[2]) / 100000000);
    IF (same > 0 OR later > 0) AND (f[1] > 0 OR f[2] > 0) THEN
        fee := greatest(fee, f[3]);
    END IF;
    IF f[4] > 0 THEN
        fee := least(fee, trunc((f[8] + f[9]) * f[4] / 100000000));
    END IF;
    RETURN greatest(fee - f[12], 0);
END $$;

-- How texts are found by a piece of them: base/search_gram.h, in SQL.

-- A text as a word: letters and digits, small, full-width ones as ASCII, at most 64 signs.
CREATE OR REPLACE FUNCTION search_word(piece text) RETURNS text IMMUTABLE STRICT LANGUAGE sql AS $$
SELECT left(regexp_replace(translate(piece,
    U&'ABCDEFGHIJKLMNOPQRSTUVWXYZ\FF10\FF11\FF12\FF13\FF14\FF15\FF16\FF17\FF18\FF19'
    '\FF21\FF22\FF23\FF24\FF25\FF26\FF27\FF28\FF29\FF2A\FF2B\FF2C\FF2D\FF2E\FF2F\FF30\FF31\FF32\FF33\FF34\FF35\FF36\FF37\FF38\FF39\FF3A'
    '\FF41\FF42\FF43\FF44\FF45\FF46\FF47\FF48\FF49\FF4A\FF4B\FF4C\FF4D\FF4E\FF4F\FF50\FF51\FF52\FF53\FF54\FF55\FF56\FF57\FF58\FF59\FF5A',
    'abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz'),
    U&'[\0001-/:-`{-\00A0\00B7\30FB\2000-\206F\3000-\303F\FF01-\FF0F\FF1A-\FF20\FF3B-\FF40\FF5B-\FF5E]', '', 'g'), 64)
$$;

CREATE OR REPLACE FUNCTION search_ascii(piece text) RETURNS boolean IMMUTABLE STRICT LANGUAGE sql AS
'SELECT octet_length($1) = length($1)';

-- The token that begins at a sign of a word: three ASCII signs, or two of which one is not ASCII; '' where none begins.
CREATE OR REPLACE FUNCTION search_gram(word text, sign integer) RETURNS text IMMUTABLE STRICT LANGUAGE sql AS $$
SELECT CASE WHEN length(pg_catalog.substr(word, sign, 2)) < 2 THEN ''
    WHEN NOT search_ascii(pg_catalog.substr(word, sign, 2)) THEN pg_catalog.substr(word, sign, 2)
    WHEN length(pg_catalog.substr(word, sign, 3)) = 3 AND search_ascii(pg_catalog.substr(word, sign, 3))
        THEN pg_catalog.substr(word, sign, 3) ELSE '' END $$;

-- By what a field can be found: 1 inside, 2 its start, 4 its end, 8 the whole of it.
CREATE OR REPLACE FUNCTION search_places(mark text) RETURNS integer IMMUTABLE STRICT LANGUAGE sql AS $$
SELECT CASE mark WHEN 'n' THEN 7 WHEN 'e' THEN 4 WHEN 'p' THEN 3 WHEN 'r' THEN 8 WHEN 'c' THEN 3 WHEN 'i' THEN 2 WHEN 't' THEN 5
    WHEN 'a' THEN 1 WHEN 'm' THEN 4 ELSE 0 END $$;

CREATE OR REPLACE FUNCTION search_end_has(word text) RETURNS boolean IMMUTABLE STRICT LANGUAGE sql AS
'SELECT length(word) >= 4 AND search_ascii(right(word, 4))';

-- Every token of every word of a list with commas, each after a blank.
CREATE OR REPLACE FUNCTION search_list_tokens(mark text, list text) RETURNS text IMMUTABLE STRICT LANGUAGE plpgsql AS $$
DECLARE
    places integer := search_places(mark);
    item text;
    word text;
    gram text;
    found text := '';
BEGIN
    FOREACH item IN ARRAY string_to_array(list, ',') LOOP
        word := search_word(item);
        IF places & 1 <> 0 THEN
            FOR sign IN 1 .. length(word) LOOP
                gram := search_gram(word, sign);
                IF gram <> '' THEN
                    found := found || ' ' || mark || gram;
                END IF;
            END LOOP;
        END IF;
        IF places & 2 <> 0 THEN
            FOR size IN 1 .. least(length(word), 3) LOOP
                found := found || ' ' || mark || '^' || left(word, size);
            END LOOP;
        END IF;
        IF places & 4 <> 0 AND search_end_has(word) THEN
            found := found || ' ' || mark || '$' || right(word, 4);
        END IF;
        IF places & 8 <> 0 AND length(word) BETWEEN 1 AND 12 THEN
            found := found || ' ' || mark || '=' || word;
        END IF;
    END LOOP;
    RETURN found;
END $$;

-- The tokens of an object: those of the areas that hold it, and of its texts, each with the mark of its field before it.
CREATE OR REPLACE FUNCTION search_tokens(areas text, VARIADIC fields text[]) RETURNS text IMMUTABLE LANGUAGE sql AS $$
SELECT regexp_replace(regexp_replace(areas, '[^0-9]+', ' ', 'g'), '([0-9]+)', '@\1', 'g') ||
    coalesce((SELECT string_agg(search_list_tokens(fields[i], fields[i + 1]), '') FROM generate_series(1, cardinality(fields) - 1, 2) i), '')
$$;

-- The words of what is looked for; where pieces may stand inside, at most four, the last with all the rest.
CREATE OR REPLACE FUNCTION search_words(sought text, places integer) RETURNS text[] IMMUTABLE LANGUAGE plpgsql AS $$
DECLARE
    rest text := coalesce(sought, '');
    blank integer;
    word text;
    words text[] := '{}';
BEGIN
    WHILE rest <> '' AND cardinality(words) < 4 LOOP
        blank := CASE WHEN places & 1 <> 0 AND cardinality(words) < 3 THEN strpos(rest, ' ') ELSE 0 END;
        word := search_word(CASE WHEN blank > 0 THEN left(rest, blank - 1) ELSE rest END);
        rest := CASE WHEN blank > 0 THEN pg_catalog.substr(rest, blank + 1) ELSE '' END;
        IF word <> '' THEN
            words := words || word;
        END IF;
    END LOOP;
    RETURN words;
END $$;

-- As few tokens as hold every sign that any token holds, at most twelve.
CREATE OR REPLACE FUNCTION search_cover(mark text, word text) RETURNS text IMMUTABLE STRICT LANGUAGE plpgsql AS $$
DECLARE
    covered integer := 0;
    gram text;
    found text[] := '{}';
BEGIN
    FOR sign IN 0 .. length(word) - 1 LOOP
        EXIT WHEN cardinality(found) >= 12;
        gram := search_gram(word, sign + 1);
        CONTINUE WHEN gram = '' OR (sign < covered AND NOT (search_gram(word, sign + 2) = '' AND sign + length(gram) > covered));
        found := found || ('"' || mark || gram || '"');
        covered := sign + length(gram);
    END LOOP;
    RETURN array_to_string(found, ' AND ');
END $$;

-- The tokens that a field with the word at a place has; NULL when the word is too short, or too long, to be looked for there.
CREATE OR REPLACE FUNCTION search_field_match(mark text, place integer, word text) RETURNS text IMMUTABLE STRICT LANGUAGE sql AS $$
SELECT '(' || CASE
    WHEN search_places(mark) & place = 0 OR word = '' THEN NULL
    WHEN place = 1 THEN CASE WHEN length(word) > 2 OR (length(word) = 2 AND NOT search_ascii(word)) THEN search_cover(mark, word) END
    WHEN place = 8 THEN CASE WHEN length(word) <= 12 THEN '"' || mark || '=' || word || '"' END
    WHEN place = 4 AND NOT search_end_has(word) THEN NULL
    ELSE concat_ws(' AND ', '"' || mark || CASE place WHEN 2 THEN '^' || left(word, 3) ELSE '$' || right(word, 4) END || '"',
        CASE WHEN search_places(mark) & 1 <> 0 THEN nullif(search_cover(mark, word), '') END)
    END || ')' $$;

-- What an index is asked for: the area of the path, and every word in any of the fields at any of the places. What is found inside
-- is found at every place.
CREATE OR REPLACE FUNCTION search_match(path text, sought text, places bigint, marks text) RETURNS text IMMUTABLE LANGUAGE plpgsql AS $$
DECLARE
    words text[] := search_words(sought, places::integer);
    area text := regexp_replace(rtrim(coalesce(path, ''), '/'), '^.*/', '');
    word text;
    mark text;
    place integer;
    piece text;
    choices text[];
    parts text[] := '{}';
BEGIN
    IF area <> '' THEN
        parts := ARRAY['"@' || area || '"'];
    END IF;
    FOREACH word IN ARRAY words LOOP
        choices := '{}';
        FOREACH mark IN ARRAY string_to_array(marks, NULL) LOOP
            FOREACH place IN ARRAY ARRAY[1, 2, 4, 8] LOOP
                CONTINUE WHEN places::integer & place = 0;
                piece := search_field_match(mark, place, word);
                IF piece IS NOT NULL THEN
                    choices := choices || piece;
                    EXIT WHEN place = 1;
                END IF;
            END LOOP;
        END LOOP;
        IF cardinality(choices) = 0 THEN
            RETURN '"-"';
        END IF;
        parts := parts || ('(' || array_to_string(choices, ' OR ') || ')');
    END LOOP;
    RETURN CASE WHEN cardinality(words) = 0 THEN '"-"' ELSE array_to_string(parts, ' AND ') END;
END $$;

-- The expression of search_match as PostgreSQL asks an index. Tokens have no sign that would want a mark of its own.
CREATE OR REPLACE FUNCTION search_query(expression text) RETURNS tsquery IMMUTABLE LANGUAGE sql AS $$
SELECT replace(replace(replace(replace(expression, '()', $q$'-'$q$), '"', ''''), ' AND ', ' & '), ' OR ', ' | ')::tsquery $$;

-- Does any of the words of a list with commas have the word at that place?
CREATE OR REPLACE FUNCTION search_word_is(word text, place integer, list text) RETURNS boolean IMMUTABLE STRICT LANGUAGE sql AS $$
SELECT word <> '' AND EXISTS (SELECT 1 FROM unnest(string_to_array(list, ',')) item CROSS JOIN search_word(item) other WHERE other <> ''
    AND CASE place WHEN 8 THEN other = word WHEN 2 THEN left(other, length(word)) = word WHEN 4 THEN right(other, length(word)) = word
        ELSE strpos(other, word) > 0 END) $$;

-- Every word of what is looked for stands in one of the texts.
CREATE OR REPLACE FUNCTION search_holds(sought text, place bigint, VARIADIC lists text[]) RETURNS boolean IMMUTABLE LANGUAGE sql AS $$
SELECT cardinality(search_words(sought, place::integer)) > 0 AND NOT EXISTS (
    SELECT 1 FROM unnest(search_words(sought, place::integer)) word
    WHERE NOT EXISTS (SELECT 1 FROM unnest(lists) list WHERE search_word_is(word, place::integer, list))) $$;

-- Blocks of series: reading/series_block.h says what their bits mean, and reading/series_block_decode.c reads them as here.

-- `size` bits of a string of them from bit `at` on, as a number.
CREATE OR REPLACE FUNCTION bits_number(bits bit varying, at integer, size integer) RETURNS bigint IMMUTABLE STRICT LANGUAGE sql AS
'SELECT CASE WHEN size = 0 THEN 0 ELSE (substring(bits, at + 1, size)::bit(64) >> (64 - size))::bigint END';

CREATE OR REPLACE FUNCTION bits_length(number bigint) RETURNS integer IMMUTABLE STRICT LANGUAGE sql AS
'SELECT CASE WHEN number = 0 THEN 0 ELSE length(ltrim(number::bit(64)::text, ''0'')) END';

-- A number of a block: what it is (raw: in zigzag, too large for a Rice code), where the next bit is, and the mean that gives the next
-- parameter. A raw one is learned by the caller.
CREATE OR REPLACE FUNCTION series_number(bits bit varying, INOUT at integer, INOUT mean bigint, OUT number bigint, OUT is_raw boolean)
IMMUTABLE LANGUAGE plpgsql AS $$
DECLARE
    parameter integer := bits_length(mean * 3 / 4 >> 4);
    quotient integer := 0;
    width integer;
BEGIN
    WHILE quotient < 20 AND get_bit(bits, at + quotient) = 1 LOOP
        quotient := quotient + 1;
    END LOOP;
    is_raw := quotient = 20;
    IF is_raw THEN
        width := bits_number(bits, at + 20, 6)::integer + 1;
        number := bits_number(bits, at + 26, width);
        at := at + 26 + width;
        RETURN;
    END IF;
    number := (quotient::bigint << parameter) | bits_number(bits, at + quotient + 1, parameter);
    at := at + quotient + 1 + parameter;
    mean := mean + least(number, 1::bigint << 52) - (mean >> 4);
END $$;

-- The values of a block that are not gaps, with their slots and states.
CREATE OR REPLACE FUNCTION series_points(block bytea) RETURNS TABLE (slot bigint, value bigint, state integer)
IMMUTABLE STRICT LANGUAGE plpgsql AS $$
DECLARE
    head integer := get_byte(block, 0);
    byte integer := 0;
    heads bigint[] := '{0,0,0,0}'; -- first slot, count, divisor, first value
    shift integer;
    bits bit varying;
    at integer := 0;
    states integer[] := '{}';
    state_before integer := 255;
    state_next integer;
    run integer;
    mean bigint;
    runs_mean bigint := (16 << 2) - (4 << 2);
    zeros bigint := 0;
    after_run boolean := false;
    found record;
    number bigint;
    step bigint;
    difference bigint := 0;
    started boolean := false;
BEGIN
    FOR i IN 1 .. 4 LOOP
        shift := 0;
        LOOP
            byte := byte + 1;
            heads[i] := heads[i] | ((get_byte(block, byte) & 127)::bigint << shift);
            EXIT WHEN get_byte(block, byte) < 128;
            shift := shift + 7;
        END LOOP;
    END LOOP;
    slot := (heads[1] >> 1) # -(heads[1] & 1);
    value := (heads[4] >> 1) # -(heads[4] & 1);
    bits := ('x' || encode(pg_catalog.substr(block, byte + 2), 'hex'))::bit varying;
    IF head & 32 <> 0 THEN
        state := bits_number(bits, 0, 8);
        at := 8;
        LOOP
            run := 0;
            WHILE get_bit(bits, at) = 0 LOOP
                run := run + 1;
                at := at + 1;
            END LOOP;
            states := states || array_fill(state, ARRAY[bits_number(bits, at, run + 1)::integer]);
            at := at + run + 1;
            EXIT WHEN cardinality(states) >= heads[2];
            at := at + 1;
            state_next := state_before;
            IF get_bit(bits, at - 1) = 1 THEN
                state_next := bits_number(bits, at, 8);
                at := at + 8;
            END IF;
            state_before := state;
            state := state_next;
        END LOOP;
    ELSE
        states := array_fill(0, ARRAY[heads[2]::integer]);
    END IF;
    run := bits_number(bits, at, 6);
    mean := (16::bigint << run) - (4::bigint << run);
    at := at + 6;
    FOR i IN 1 .. heads[2] LOOP
        state := states[i];
        IF state <> 255 AND started THEN
            IF zeros > 0 THEN
                zeros := zeros - 1;
                step := 0;
            ELSE
                found := series_number(bits, at, mean);
                at := found.at;
                mean := found.mean;
                number := found.number;
                IF found.is_raw THEN
                    step := (number >> 1 & 9223372036854775807) # -(number & 1);
                    IF head >> 3 & 3 = 0 THEN
                        number := CASE WHEN number & 1 = 1 THEN 0 ELSE step - CASE WHEN after_run AND step > 0 THEN 1 ELSE 0 END END;
                    ELSIF after_run THEN
                        number := number - 1;
                    END IF;
                    mean := mean + least(number, 1::bigint << 52) - (mean >> 4);
                    after_run := false;
                ELSE
                    number := number + CASE WHEN after_run THEN 1 ELSE 0 END;
                    after_run := number = 0;
                    IF number = 0 THEN
                        found := series_number(bits, at, runs_mean);
                        at := found.at;
                        runs_mean := found.mean;
                        zeros := found.number;
                        IF found.is_raw THEN
                            zeros := (zeros >> 1 & 9223372036854775807) # -(zeros & 1);
                            runs_mean := runs_mean + least(zeros, 1::bigint << 52) - (runs_mean >> 4);
                        END IF;
                    END IF;
                    step := CASE WHEN head >> 3 & 3 = 0 THEN number ELSE (number >> 1) # -(number & 1) END;
                END IF;
            END IF;
            difference := CASE WHEN head >> 3 & 3 = 2 THEN difference + step ELSE step END;
            value := value + difference * heads[3];
        END IF;
        IF state <> 255 THEN
            started := true;
            RETURN NEXT;
        END IF;
        slot := slot + 1;
    END LOOP;
EXCEPTION WHEN data_exception OR array_subscript_error OR program_limit_exceeded THEN
    RAISE EXCEPTION 'a block of a series is damaged' USING ERRCODE = 'data_corrupted';
END $$;

-- The believed quarter-hours that a block has of a day, as "[[time_s,value,quality],...]"; NULL when it has none, or is damaged.
CREATE OR REPLACE FUNCTION interval_points(block bytea, day bigint, zone_s bigint) RETURNS text IMMUTABLE STRICT LANGUAGE plpgsql AS $$
DECLARE
    midnight bigint := day * 86400 - zone_s;
    slots integer := CASE get_byte(block, 0) & 7 WHEN 4 THEN 4 WHEN 3 THEN 2 WHEN 2 THEN 1 END;
    points text;
BEGIN
    SELECT '[' || coalesce(string_agg('[' || midnight + (p.slot - midnight / (slots * 900)) * slots * 900 || ',' || p.value || ',' || p.state || ']',
        ',' ORDER BY p.slot) FILTER (WHERE p.state <= 2), '') || ']' INTO points FROM series_points(block) p
        WHERE p.slot - midnight / (slots * 900) BETWEEN 1 AND 96 / slots HAVING count(*) > 0;
    RETURN points;
EXCEPTION WHEN data_exception OR data_corrupted THEN
    RETURN NULL;
END $$;

-- How many quarter-hours a block has of a day; NULL when it is damaged.
CREATE OR REPLACE FUNCTION interval_known(block bytea, day bigint, zone_s bigint) RETURNS bigint IMMUTABLE STRICT LANGUAGE plpgsql AS $$
DECLARE
    period_s integer := CASE get_byte(block, 0) & 7 WHEN 4 THEN 3600 WHEN 3 THEN 1800 WHEN 2 THEN 900 END;
BEGIN
    IF period_s IS NULL THEN
        RETURN NULL;
    END IF;
    RETURN (SELECT count(*) FROM series_points(block) p
        WHERE p.slot - (day * 86400 - zone_s) / period_s BETWEEN 1 AND 86400 / period_s);
EXCEPTION WHEN data_exception OR data_corrupted THEN
    RETURN NULL;
END $$;

-- The days of a row of midnight_block: reading/midnight_block.h.
CREATE OR REPLACE FUNCTION midnight_days(registers bytea, totals bytea, ratios bytea, arrivals bytea)
RETURNS TABLE (day bigint, register_value bigint, total_value bigint, quality bigint, received_s bigint, multiplier_e3 bigint)
IMMUTABLE LANGUAGE sql AS $$
SELECT r.slot, r.value, trunc(r.value::numeric * coalesce(k.value, 1000) / 1000)::bigint + coalesce(t.value, 0), r.state,
    (r.slot + CASE a.state WHEN 254 THEN 0 ELSE a.state - 1 END) * 86400 + a.value, coalesce(k.value, 1000) FROM series_points(registers) r JOIN series_points(arrivals) a ON a.slot = r.slot
    LEFT JOIN series_points(nullif(totals, '')) t ON t.slot = r.slot LEFT JOIN series_points(nullif(ratios, '')) k ON k.slot = r.slot $$;

-- All midnights of a meter, wherever they rest; should a day be a row and in a block, the row counts. Day by day: the key begins
-- with the day, and a range of days is all meters' rows of them.
CREATE OR REPLACE FUNCTION midnights(device bigint, first_day bigint, last_day bigint)
RETURNS TABLE (day bigint, device_id bigint, register_value bigint, total_value bigint, quality bigint, received_s bigint, multiplier_e3 bigint)
STABLE LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY SELECT m.day, m.device_id, m.register_value, m.total_value, m.quality, m.received_s, m.multiplier_e3
        FROM generate_series(first_day, last_day) g(day) JOIN daily_reading m ON m.day = g.day AND m.device_id = device ORDER BY m.day;
    IF FOUND AND first_day = last_day THEN
        RETURN;
    END IF;
    RETURN QUERY SELECT n.day, device, n.register_value, n.total_value, n.quality, n.received_s, n.multiplier_e3
        FROM midnight_block b CROSS JOIN LATERAL midnight_days(b.registers, b.totals, b.ratios, b.arrivals) n
        WHERE b.stretch BETWEEN first_day / 256 AND last_day / 256 AND b.device_id = device AND n.day BETWEEN first_day AND last_day
        AND NOT EXISTS (SELECT 1 FROM daily_reading m WHERE m.day = n.day AND m.device_id = device) ORDER BY n.day;
END $$;

-- The total of a day of such a row; NULL when it has none, and when it is damaged.
CREATE OR REPLACE FUNCTION midnight_total(registers bytea, totals bytea, ratios bytea, arrivals bytea, on_day bigint) RETURNS bigint
IMMUTABLE LANGUAGE plpgsql AS $$
BEGIN
    RETURN (SELECT n.total_value FROM midnight_days(registers, totals, ratios, arrivals) n WHERE n.day = on_day);
EXCEPTION WHEN data_exception OR data_corrupted THEN
    RETURN NULL;
END $$;

-- How many days such a row has; NULL when it is damaged.
CREATE OR REPLACE FUNCTION midnights_known(registers bytea, totals bytea, ratios bytea, arrivals bytea, stretch bigint) RETURNS bigint
IMMUTABLE LANGUAGE plpgsql AS $$
BEGIN
    RETURN (SELECT count(*) FROM midnight_days(registers, totals, ratios, arrivals));
EXCEPTION WHEN data_exception OR data_corrupted THEN
    RETURN NULL;
END $$;

-- A number of a list: path '$[0]' is the first.
CREATE OR REPLACE FUNCTION json_extract(list text, path text) RETURNS bigint IMMUTABLE STRICT LANGUAGE sql AS
'SELECT (list::json ->> pg_catalog.substr(path, 3, length(path) - 3)::integer)::bigint';

-- Identifiers that rows get themselves follow the highest that was given to one.
CREATE OR REPLACE FUNCTION identifiers_follow() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    found record;
BEGIN
    FOR found IN SELECT c.relname AS table_name, a.attname AS column_name, pg_get_serial_sequence(quote_ident(c.relname), a.attname) AS sequence
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
        WHERE a.attidentity <> '' AND c.relnamespace = current_schema()::regnamespace LOOP
        EXECUTE format('SELECT setval(%L, coalesce(max(%I), 0) + 1, false) FROM %I', found.sequence, found.column_name, found.table_name);
    END LOOP;
END $$;
