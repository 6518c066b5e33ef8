-- A vector stays in the row that it belongs to as long as the row fits on a page: a scan then finds it there, and does
-- not look up each one beside the table. What was written before moves when it is written again.
alter table entries set (toast_tuple_target = 8160);
alter table entry_chunks set (toast_tuple_target = 8160);
