-- Published in private: nobody is to learn in a room whose it is.
ALTER TABLE exchange_post ADD COLUMN quiet INTEGER NOT NULL DEFAULT 0;
