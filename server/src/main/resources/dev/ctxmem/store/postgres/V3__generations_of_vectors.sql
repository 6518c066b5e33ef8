-- An entry may have vectors of several models: while a store moves to another one, the next generation grows in
-- `entry_chunks` beside the one in force. `entries.model_id` made `entries.embedding`, or some of its chunks where that is
-- null; the other chunks have the number of their own model.
alter table entry_chunks drop constraint entry_chunks_pkey;
alter table entry_chunks add primary key (account_id, entry_id, model_id, chunk);
