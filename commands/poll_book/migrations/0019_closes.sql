-- A poll closes at the instant against which votes are held, whatever a zone's clocks do until then.
UPDATE job SET wall = NULL, zone = NULL WHERE feature = 'polls' AND name = 'close';
