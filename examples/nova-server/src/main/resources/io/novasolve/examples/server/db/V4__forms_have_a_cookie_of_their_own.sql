alter table server_session drop column form_token;
