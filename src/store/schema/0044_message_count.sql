-- How many messages are in each state is counted by whoever writes them, many at once: a trigger made every insertion a
-- statement that can be taken back by itself, with copies of the pages it touched.
DROP TRIGGER message_inserted;
