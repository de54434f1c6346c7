-- Column device_state.recent holds the whole state as bytes, without its status (reading_state_pack in src/reading/reading_state.h), no longer
-- only the content hash and the registers of the newest days: a start reads one value of a row instead of thirty. Rows that were written
-- before are read by their columns until they are written again. A program before this one would take the longer bytes for none.
SELECT 1;
