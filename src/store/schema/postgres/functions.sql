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

CREATE OR REPLACE FUNCTION search_ascii(piece text) RETURNS boolean IMMUTABLE LANGUAGE sql AS
'SELECT octet_length($1) = length($1)';

-- Those that are not STRICT are laid into the statement that calls them, which is most of what a call costs.
-- The token that begins at a sign of a word: three ASCII signs, or two of which one is not ASCII; '' where none begins.
CREATE OR REPLACE FUNCTION search_gram(word text, sign integer) RETURNS text IMMUTABLE LANGUAGE sql AS $$
SELECT CASE WHEN length(pg_catalog.substr(word, sign, 2)) < 2 THEN ''
    WHEN NOT search_ascii(pg_catalog.substr(word, sign, 2)) THEN pg_catalog.substr(word, sign, 2)
    WHEN length(pg_catalog.substr(word, sign, 3)) = 3 AND search_ascii(pg_catalog.substr(word, sign, 3))
        THEN pg_catalog.substr(word, sign, 3) ELSE '' END $$;

-- By what a field can be found: 1 inside, 2 its start, 4 its end, 8 the whole of it.
CREATE OR REPLACE FUNCTION search_places(mark text) RETURNS integer IMMUTABLE LANGUAGE sql AS $$
SELECT CASE mark WHEN 'n' THEN 7 WHEN 'e' THEN 4 WHEN 'p' THEN 3 WHEN 'r' THEN 8 WHEN 'c' THEN 3 WHEN 'i' THEN 2 WHEN 't' THEN 5
    WHEN 'a' THEN 1 WHEN 'm' THEN 4 ELSE 0 END $$;

CREATE OR REPLACE FUNCTION search_end_has(word text) RETURNS boolean IMMUTABLE LANGUAGE sql AS
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

-- Blocks of series: reading/series_block.h says what their bits mean, and reading/series_block_decode.c reads them as here. What is
-- done for every number stands in one function, a few assignments each: a call costs as much as ten of them.

-- `size` bits of a string of them from bit `at` on, as a number.
CREATE OR REPLACE FUNCTION bits_number(bits bit varying, at integer, size integer) RETURNS bigint IMMUTABLE STRICT LANGUAGE sql AS
'SELECT CASE WHEN size = 0 THEN 0 ELSE (substring(bits, at + 1, size)::bit(64) >> (64 - size))::bigint END';

-- What stands before the bits: the numbers of a block, and the states of its slots laid out.
CREATE OR REPLACE FUNCTION series_head(block bytea, OUT first_slot bigint, OUT slots integer, OUT divisor bigint, OUT first_value bigint,
    OUT states integer[], OUT bits bit varying, OUT at integer) IMMUTABLE STRICT LANGUAGE plpgsql AS $$
DECLARE
    byte integer := 0;
    numbers bigint[] := '{0,0,0,0}';
    shift integer;
    state integer;
    state_before integer := 255;
    state_next integer;
    run integer;
BEGIN
    FOR i IN 1 .. 4 LOOP
        shift := 0;
        LOOP
            byte := byte + 1;
            numbers[i] := numbers[i] | ((get_byte(block, byte) & 127)::bigint << shift);
            EXIT WHEN get_byte(block, byte) < 128;
            shift := shift + 7;
        END LOOP;
    END LOOP;
    first_slot := (numbers[1] >> 1 & 9223372036854775807) # -(numbers[1] & 1);
    IF numbers[2] NOT BETWEEN 1 AND 4096 THEN
        RAISE data_corrupted;
    END IF;
    slots := numbers[2];
    divisor := numbers[3];
    first_value := (numbers[4] >> 1 & 9223372036854775807) # -(numbers[4] & 1);
    bits := ('x' || encode(pg_catalog.substr(block, byte + 2), 'hex'))::bit varying;
    at := 0;
    IF get_byte(block, 0) & 32 = 0 THEN
        states := array_fill(0, ARRAY[slots]);
        RETURN;
    END IF;
    states := '{}';
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
        EXIT WHEN cardinality(states) >= slots;
        at := at + 1;
        state_next := state_before;
        IF get_bit(bits, at - 1) = 1 THEN
            state_next := bits_number(bits, at, 8);
            at := at + 8;
        END IF;
        state_before := state;
        state := state_next;
    END LOOP;
END $$;

-- The values of a block laid out, slot by slot from its first, with their states; 0 at gaps (state 255). Given a last slot, those
-- behind it are not read, nor is the block checked to its end.
CREATE OR REPLACE FUNCTION series_laid(block bytea, last_slot bigint, OUT first_slot bigint, OUT laid bigint[], OUT states integer[])
IMMUTABLE LANGUAGE plpgsql AS $$
DECLARE
    widths CONSTANT bigint[] := ARRAY(SELECT 1::bigint << n FROM generate_series(0, 62) n);
    ones CONSTANT bigint[] := ARRAY(SELECT -(1::bigint << 62 - n) FROM generate_series(0, 62) n);
    head record;
    order_of integer;
    bits bit varying;
    at integer;
    until integer;
    begins integer; -- the first slot that is no gap
    divisor bigint;
    value bigint;
    mean bigint;
    runs_mean bigint := 12 << 2;
    zeros bigint := 0;
    after_run integer := 0;
    sixty_four bigint; -- the next bits
    quotient integer;
    parameter integer;
    number bigint;
    step bigint;
    difference bigint := 0;
BEGIN
    order_of := get_byte(block, 0) >> 3 & 3;
    head := series_head(block);
    first_slot := head.first_slot;
    until := CASE WHEN last_slot IS NULL THEN head.slots ELSE greatest(least(last_slot - first_slot + 1, head.slots), 0) END;
    divisor := head.divisor;
    value := head.first_value;
    bits := head.bits;
    mean := 12::bigint << bits_number(bits, head.at, 6)::integer;
    at := head.at + 6;
    states := head.states[1 : until];
    laid := array_fill(0::bigint, ARRAY[until]);
    begins := coalesce((SELECT min(n) FROM generate_subscripts(states, 1) n WHERE states[n] <> 255), until + 1);
    IF begins <= until THEN
        laid[begins] := value;
    END IF;
    FOR i IN begins + 1 .. until LOOP
        CONTINUE WHEN states[i] = 255;
        IF zeros > 0 THEN
            zeros := zeros - 1;
            IF order_of = 2 THEN
                value := value + difference * divisor;
            END IF;
        ELSE
            sixty_four := substring(bits, at + 1, 64)::bit(64)::bigint;
            quotient := CASE WHEN sixty_four >= 0 THEN 0 ELSE 1 + width_bucket(sixty_four, ones) END;
            IF quotient < 20 THEN
                parameter := width_bucket(mean * 3 / 4 >> 4, widths);
                at := at + quotient + 1 + parameter;
                number := (quotient::bigint << parameter) + CASE WHEN parameter > 44 THEN bits_number(bits, at - parameter, parameter)
                    ELSE sixty_four >> 63 - quotient - parameter & (1::bigint << parameter) - 1 END;
                mean := mean + CASE WHEN number < 4503599627370496 THEN number ELSE 4503599627370496 END - (mean >> 4);
                IF after_run = 1 THEN
                    number := number + 1;
                    after_run := 0;
                ELSIF number = 0 THEN
                    -- How many more are 0.
                    after_run := 1;
                    sixty_four := substring(bits, at + 1, 64)::bit(64)::bigint;
                    quotient := CASE WHEN sixty_four >= 0 THEN 0 ELSE 1 + width_bucket(sixty_four, ones) END;
                    IF quotient < 20 THEN
                        parameter := width_bucket(runs_mean * 3 / 4 >> 4, widths);
                        zeros := (quotient::bigint << parameter) + bits_number(bits, at + quotient + 1, parameter);
                        at := at + quotient + 1 + parameter;
                    ELSE
                        parameter := bits_number(bits, at + 20, 6) + 1;
                        zeros := bits_number(bits, at + 26, parameter);
                        zeros := (zeros >> 1 & 9223372036854775807) # -(zeros & 1);
                        at := at + 26 + parameter;
                    END IF;
                    runs_mean := runs_mean + least(zeros, 4503599627370496) - (runs_mean >> 4);
                END IF;
                step := CASE WHEN order_of = 0 THEN number ELSE (number >> 1) # -(number & 1) END;
            ELSE
                -- Too large for a Rice code, or falling where all else rises.
                parameter := bits_number(bits, at + 20, 6) + 1;
                number := bits_number(bits, at + 26, parameter);
                at := at + 26 + parameter;
                step := (number >> 1 & 9223372036854775807) # -(number & 1);
                IF order_of = 0 THEN
                    number := CASE WHEN number & 1 = 1 THEN 0 ELSE step - CASE WHEN step > 0 THEN after_run ELSE 0 END END;
                ELSE
                    number := number - after_run;
                END IF;
                mean := mean + CASE WHEN number BETWEEN 0 AND 4503599627370496 THEN number ELSE 4503599627370496 END - (mean >> 4);
                after_run := 0;
            END IF;
            difference := CASE WHEN order_of = 2 THEN difference + step ELSE step END;
            value := value + difference * divisor;
        END IF;
        laid[i] := value;
    END LOOP;
    IF at > length(bits) OR (until = head.slots AND length(bits) - at > 7) OR until > cardinality(states) THEN
        RAISE EXCEPTION USING ERRCODE = 'data_corrupted';
    END IF;
EXCEPTION WHEN data_exception OR array_subscript_error OR program_limit_exceeded OR data_corrupted THEN
    RAISE EXCEPTION 'a block of a series is damaged' USING ERRCODE = 'data_corrupted';
END $$;

-- The values of a block that are not gaps, with their slots and states.
CREATE OR REPLACE FUNCTION series_points(block bytea) RETURNS TABLE (slot bigint, value bigint, state integer)
IMMUTABLE STRICT LANGUAGE sql AS $$
SELECT s.first_slot + v.place - 1, v.value, v.state FROM series_laid(block, NULL) s
    CROSS JOIN unnest(s.laid, s.states) WITH ORDINALITY v (value, state, place) WHERE v.state <> 255 $$;

DROP FUNCTION IF EXISTS series_number(bit varying, integer, bigint), bits_length(bigint); -- of programs before

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

-- A dial scaled by a ratio, thousandths; NULL is 1000.
CREATE OR REPLACE FUNCTION midnight_scaled(dial bigint, ratio_e3 bigint) RETURNS bigint IMMUTABLE LANGUAGE sql AS
'SELECT CASE coalesce(ratio_e3, 1000) WHEN 1000 THEN dial ELSE trunc(dial::numeric * ratio_e3 / 1000)::bigint END';

-- The days of a row of midnight_block up to one of them, NULL for all: reading/midnight_block.h. Its four parts have the same slots.
CREATE OR REPLACE FUNCTION midnight_days(registers bytea, totals bytea, ratios bytea, arrivals bytea, last_day bigint)
RETURNS TABLE (day bigint, register_value bigint, total_value bigint, quality bigint, received_s bigint, multiplier_e3 bigint)
IMMUTABLE LANGUAGE plpgsql AS $$
DECLARE
    dials record;
    came record;
    offsets bigint[];
    scales bigint[];
BEGIN
    dials := series_laid(registers, last_day);
    came := series_laid(arrivals, last_day);
    IF length(totals) > 0 THEN
        offsets := (series_laid(totals, last_day)).laid;
    END IF;
    IF length(ratios) > 0 THEN
        scales := (series_laid(ratios, last_day)).laid;
    END IF;
    RETURN QUERY SELECT dials.first_slot + v.place - 1, v.dial, midnight_scaled(v.dial, v.ratio_e3) + coalesce(v.more, 0), v.state::bigint,
        (dials.first_slot + v.place - 1 + CASE v.days WHEN 254 THEN 0 ELSE v.days - 1 END) * 86400 + v.came_s, coalesce(v.ratio_e3, 1000)
        FROM unnest(dials.laid, dials.states, came.laid, came.states, offsets, scales)
            WITH ORDINALITY v (dial, state, came_s, days, more, ratio_e3, place) WHERE v.state <> 255;
END $$;
CREATE OR REPLACE FUNCTION midnight_days(registers bytea, totals bytea, ratios bytea, arrivals bytea)
RETURNS TABLE (day bigint, register_value bigint, total_value bigint, quality bigint, received_s bigint, multiplier_e3 bigint)
IMMUTABLE LANGUAGE sql AS 'SELECT * FROM midnight_days(registers, totals, ratios, arrivals, NULL)';

-- All midnights of a meter, wherever they rest; should a day be a row and in a block, the row counts. Day by day: the key begins
-- with the day, and a range of days is all meters' rows of them. OFFSET 0 keeps it so: a planner that takes a series for a thousand
-- days reads a small table whole for each meter.
CREATE OR REPLACE FUNCTION midnights(device bigint, first_day bigint, last_day bigint)
RETURNS TABLE (day bigint, device_id bigint, register_value bigint, total_value bigint, quality bigint, received_s bigint, multiplier_e3 bigint)
STABLE LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY SELECT m.day, m.device_id, m.register_value, m.total_value, m.quality, m.received_s, m.multiplier_e3
        FROM generate_series(first_day, last_day) g(day)
        CROSS JOIN LATERAL (SELECT * FROM daily_reading r WHERE r.day = g.day AND r.device_id = device OFFSET 0) m ORDER BY m.day;
    IF FOUND AND first_day = last_day THEN
        RETURN;
    END IF;
    RETURN QUERY SELECT n.day, device, n.register_value, n.total_value, n.quality, n.received_s, n.multiplier_e3
        FROM midnight_block b CROSS JOIN LATERAL midnight_days(b.registers, b.totals, b.ratios, b.arrivals, last_day) n
        WHERE b.stretch BETWEEN first_day / 256 AND last_day / 256 AND b.device_id = device AND n.day BETWEEN first_day AND last_day
        AND NOT EXISTS (SELECT 1 FROM daily_reading m WHERE m.day = n.day AND m.device_id = device) ORDER BY n.day;
END $$;

-- The total of a day of such a row; NULL when it has none, and when it is damaged. Days behind it are not unpacked, nor is when it came.
CREATE OR REPLACE FUNCTION midnight_total(registers bytea, totals bytea, ratios bytea, arrivals bytea, on_day bigint) RETURNS bigint
IMMUTABLE LANGUAGE plpgsql AS $$
DECLARE
    dials record;
    place integer;
BEGIN
    dials := series_laid(registers, on_day);
    place := on_day - dials.first_slot + 1;
    IF place < 1 OR place > cardinality(dials.laid) OR dials.states[place] = 255 THEN
        RETURN NULL;
    END IF;
    RETURN midnight_scaled(dials.laid[place], CASE WHEN length(ratios) > 0 THEN (series_laid(ratios, on_day)).laid[place] END)
        + CASE WHEN length(totals) > 0 THEN (series_laid(totals, on_day)).laid[place] ELSE 0 END;
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

-- Tables that grow with every day lie in parts, partitions by range of the column that their key begins with (store_parts.h): the
-- part of 20480 of a table is table_20480. What no part takes rests in table_rest; what was there before there were parts, in
-- table_before.

-- The parts of a table; without low all below high. Neither the rest, nor any of a table that lies in one.
CREATE OR REPLACE FUNCTION parts_of(table_name text) RETURNS TABLE (part text, low bigint, high bigint) STABLE LANGUAGE sql AS $$
SELECT c.relname::text, substring(b.bound, 'FROM [(]''?(-?[0-9]+)')::bigint, substring(b.bound, 'TO [(]''?(-?[0-9]+)')::bigint
    FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid CROSS JOIN LATERAL pg_get_expr(c.relpartbound, c.oid) b (bound)
    WHERE i.inhparent = to_regclass(table_name) AND b.bound LIKE 'FOR VALUES FROM%' $$;

CREATE OR REPLACE FUNCTION parts_column(table_name text) RETURNS text STABLE LANGUAGE sql AS $$
SELECT a.attname::text FROM pg_partitioned_table p JOIN pg_attribute a ON a.attrelid = p.partrelid AND a.attnum = p.partattrs[0]
    WHERE p.partrelid = to_regclass(table_name) $$;

-- Make a part; rows that waited for it in the rest move in. Only the rest is kept from others meanwhile; while somebody reads that, the
-- part is left to the next time: parts are made long before rows need them.
CREATE OR REPLACE FUNCTION part_make(table_name text, low bigint, high bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    part CONSTANT text := table_name || '_' || low;
    key CONSTANT text := parts_column(table_name);
    patience CONSTANT text := current_setting('lock_timeout');
BEGIN
    PERFORM set_config('lock_timeout', '100ms', true);
    EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING STORAGE)', part, table_name);
    EXECUTE format('WITH waiting AS (DELETE FROM %I WHERE %I >= %s AND %2$I < %4$s RETURNING *) INSERT INTO %5$I SELECT * FROM waiting',
        table_name || '_rest', key, low, high, part);
    EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%s) TO (%s)', table_name, part, low, high);
    PERFORM set_config('lock_timeout', patience, true);
EXCEPTION WHEN lock_not_available THEN
    RETURN; -- with its patience as it was
END $$;

-- Drop a part with all that is in it, or, unless somebody reads the table just now, leave it to the next time.
CREATE OR REPLACE FUNCTION part_drop(part text) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    patience CONSTANT text := current_setting('lock_timeout');
BEGIN
    PERFORM set_config('lock_timeout', '100ms', true);
    EXECUTE format('DROP TABLE %I', part);
    PERFORM set_config('lock_timeout', patience, true);
    RETURN 1;
EXCEPTION WHEN lock_not_available THEN
    RETURN 0; -- with its patience as it was
END $$;

-- The size says it at once of a large one; on a cluster it is always 0 here.
CREATE OR REPLACE FUNCTION part_empty(part text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    is_there boolean;
BEGIN
    IF pg_relation_size(to_regclass(part)) > 0 THEN
        RETURN false;
    END IF;
    EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I)', part) INTO is_there;
    RETURN NOT is_there;
END $$;

-- Parts `width` wide that hold first to last are made, those that end at kept go, and so do empty ones that end at first.
-- rest: what is older than kept and lies below it has no part that will go with it.
CREATE OR REPLACE FUNCTION parts_keep(table_name text, width bigint, first bigint, last bigint, kept bigint, OUT dropped bigint, OUT rest bigint)
LANGUAGE plpgsql AS $$
DECLARE
    found record;
BEGIN
    dropped := 0;
    rest := kept;
    IF parts_column(table_name) IS NULL THEN
        RETURN;
    END IF;
    FOR found IN SELECT n * width AS low FROM generate_series(first / width, last / width) n
            WHERE NOT EXISTS (SELECT 1 FROM parts_of(table_name) p WHERE p.high > n * width AND coalesce(p.low, n * width) <= n * width) LOOP
        PERFORM part_make(table_name, found.low, found.low + width);
    END LOOP;
    FOR found IN SELECT * FROM parts_of(table_name) p ORDER BY p.high LOOP
        IF found.high <= kept OR (found.high <= first AND part_empty(found.part)) THEN
            dropped := dropped + part_drop(found.part);
        ELSIF found.low < kept THEN
            rest := found.low;
        END IF;
    END LOOP;
END $$;

-- The same by time of arrival, for a table whose key is a number that counts on: a part is made a day ahead, for as many rows as came
-- in the last seconds `span_s`, a million at least. Where so few come that a part would be waited for too long, rest_s is kept_s.
CREATE OR REPLACE FUNCTION parts_keep_arrivals(table_name text, age_column text, span_s bigint, kept_s bigint, OUT dropped bigint, OUT rest_s bigint)
LANGUAGE plpgsql AS $$
DECLARE
    least_rows CONSTANT bigint := 1048576;
    key CONSTANT text := parts_column(table_name);
    newest record;
    oldest record;
    found record;
    high bigint := (SELECT max(p.high) FROM parts_of(table_name) p);
    rows_in_span bigint := 0;
BEGIN
    dropped := 0;
    rest_s := kept_s;
    IF key IS NULL THEN
        RETURN;
    END IF;
    EXECUTE format('SELECT %I AS number, %I AS at_s FROM %I ORDER BY 1 DESC LIMIT 1', key, age_column, table_name) INTO newest;
    EXECUTE format('SELECT %I AS number, %I AS at_s FROM %I WHERE %1$I >= $1 ORDER BY 1 LIMIT 1', key, age_column, table_name)
        INTO oldest USING newest.number - least_rows;
    IF newest.at_s > oldest.at_s THEN
        rows_in_span := trunc((newest.number - oldest.number)::numeric * span_s / (newest.at_s - oldest.at_s));
    END IF;
    IF high IS NULL OR newest.number > high - greatest(least_rows / 2, rows_in_span * 86400 / span_s) THEN
        high := coalesce(high, 0);
        PERFORM part_make(table_name, high, greatest(high, coalesce(newest.number, 0) / least_rows * least_rows)
            + (rows_in_span / least_rows + 1) * least_rows);
    END IF;
    FOR found IN SELECT * FROM parts_of(table_name) p WHERE p.high <= newest.number ORDER BY p.high LOOP
        EXECUTE format('SELECT %I AS at_s FROM %I ORDER BY %I DESC LIMIT 1', age_column, found.part, key) INTO oldest;
        IF coalesce(oldest.at_s, 0) < kept_s THEN
            dropped := dropped + part_drop(found.part);
        END IF;
    END LOOP;
    IF rows_in_span >= least_rows THEN
        rest_s := kept_s - span_s - 86400;
    END IF;
END $$;

-- A table, made before there were parts, becomes one of parts: it is the first of them as it lies, or goes when it is empty.
CREATE OR REPLACE FUNCTION parts_begin(table_name text, column_name text, width bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    before CONSTANT text := table_name || '_before';
    key CONSTANT text := (SELECT substring(pg_get_constraintdef(oid), '[(].*[)]') FROM pg_constraint
        WHERE conrelid = to_regclass(table_name) AND contype = 'p');
    counted CONSTANT text := (SELECT attname FROM pg_attribute WHERE attrelid = to_regclass(table_name) AND attidentity <> '');
    newest bigint;
BEGIN
    EXECUTE format('ALTER TABLE %I RENAME TO %I', table_name, before);
    EXECUTE format('ALTER INDEX %I RENAME TO %I', table_name || '_pkey', before || '_pkey');
    EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING STORAGE) PARTITION BY RANGE (%I)', table_name,
        before, column_name);
    IF counted IS NOT NULL THEN
        EXECUTE format('ALTER TABLE %I ALTER %I DROP IDENTITY', before, counted);
        EXECUTE format('ALTER TABLE %I ALTER %I ADD GENERATED BY DEFAULT AS IDENTITY', table_name, counted);
    END IF;
    EXECUTE format('ALTER TABLE %I ADD CONSTRAINT %I PRIMARY KEY %s', table_name, table_name || '_pkey', key);
    EXECUTE format('CREATE TABLE %I PARTITION OF %I DEFAULT', table_name || '_rest', table_name);
    EXECUTE format('SELECT max(%I) FROM %I', column_name, before) INTO newest;
    IF newest IS NULL THEN
        EXECUTE format('DROP TABLE %I', before);
    ELSE
        EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (MINVALUE) TO (%s)', table_name, before, (newest / width + 1) * width);
    END IF;
END $$;
