-- A list of three in a CHECK is built as a table of its own for every row that is inserted; comparisons are not. The rule is
-- the same, so no row changes and the words of the table alone are written anew.
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(sql, 'state IN (''issued'',''paid'',''reversed'')',
    'state = ''issued'' OR state = ''paid'' OR state = ''reversed''') WHERE type = 'table' AND name = 'bill';
PRAGMA writable_schema = RESET;
