// fpsa_bitstream_loader against what a bitstream is: a model that counts what is still to come takes
// the same words. Words are any, starts and resets come at any time. The CRC that the last word must
// have is held to a register of its own, clock by clock, so that no solver has to undo it.
module fpsa_bitstream_loader_formal #(
  parameter Frames = 3
) (
  input wire        clk_i,
  input wire        rst_ni,
  input wire [31:0] fingerprint_i,
  input wire        start_i,
  input wire        valid_i,
  input wire [31:0] word_i
);

  wire ready;
  (* registered *) wire        clear;
  (* registered *) wire        write;
  (* registered *) wire [15:0] frame;
  (* registered *) wire [15:0] index;
  (* registered *) wire [31:0] data;
  (* registered *) wire        active;
  (* registered *) wire        busy;
  (* registered *) wire [3:0]  error;

  fpsa_bitstream_loader #(
    .Frames(Frames)
  ) u_loader (
    .clk_i        (clk_i),
    .rst_ni       (rst_ni),
    .fingerprint_i(fingerprint_i),
    .start_i      (start_i),
    .valid_i      (valid_i),
    .ready_o      (ready),
    .word_i       (word_i),
    .clear_o      (clear),
    .write_o      (write),
    .frame_o      (frame),
    .index_o      (index),
    .data_o       (data),
    .active_o     (active),
    .busy_o       (busy),
    .error_o      (error)
  );

  reg        started_q = 1'b0;
  reg        awake_q;
  reg        loading_q;
  reg        active_q;
  reg [3:0]  error_q;
  reg [2:0]  header_q;  // words of the header that came, 4 at most
  reg [31:0] frames_q;  // to come
  reg [16:0] least_q;   // address of the next one
  reg        bits_due_q;
  reg [31:0] bits_q;    // of this frame, to come
  reg [16:0] words_q;   // of this frame, that came
  (* hierconn *) wire [31:0] \u_loader.crc_q ;

  wire take   = awake_q && !start_i && valid_i;
  wire frames = loading_q && header_q == 3'd4;
  wire body   = frames && bits_q != 32'd0;
  wire ends   = frames && !body && !bits_due_q && frames_q == 32'd0;

  // A word's place and whether it is right there
  reg [3:0] fault;

  always @* begin
    fault = 4'd0;
    if (!loading_q) fault = (error_q == 4'd0) ? 4'd10 : 4'd0;
    else if (header_q == 3'd0) fault = (word_i == "ASPF") ? 4'd0 : 4'd1;
    else if (header_q == 3'd1) fault = (word_i == 32'd1) ? 4'd0 : 4'd2;
    else if (header_q == 3'd2) fault = (word_i == fingerprint_i) ? 4'd0 : 4'd3;
    else if (header_q == 3'd3) fault = (word_i <= Frames) ? 4'd0 : 4'd4;
    else if (body) fault = (bits_q >= 32'd32 || word_i >> bits_q == 32'd0) ? 4'd0 : 4'd8;
    else if (bits_due_q) fault = (word_i >= 32'd1 && word_i <= 32'd2097152) ? 4'd0 : 4'd7;
    else if (ends) fault = (word_i == ~\u_loader.crc_q ) ? 4'd0 : 4'd9;
    else if (word_i >= Frames) fault = 4'd5;
    else if (word_i < least_q) fault = 4'd6;
  end

  // CRC-32, bit by bit
  function [31:0] crc_behind(input [31:0] crc, input [31:0] word);
    integer i;
    begin
      crc_behind = crc ^ word;
      for (i = 0; i < 32; i = i + 1)
        crc_behind = (crc_behind >> 1) ^ (crc_behind[0] ? 32'hedb88320 : 32'd0);
    end
  endfunction

  // What the frame bus owes
  reg        clear_q = 1'b0;
  reg        write_q = 1'b0;
  reg [15:0] frame_q;
  reg [15:0] index_q;
  reg [31:0] data_q;
  reg [31:0] crc_q;     // of the words so far

  always @(posedge clk_i) begin
    started_q <= 1'b1;
    awake_q   <= rst_ni;
    clear_q   <= !rst_ni || (start_i || (take && fault != 4'd0));
    write_q   <= rst_ni && take && body && fault == 4'd0;
    index_q   <= words_q;
    data_q    <= word_i;
    crc_q     <= take ? crc_behind(\u_loader.crc_q , word_i) : \u_loader.crc_q ;
    if (take) begin
      if (fault != 4'd0) error_q <= fault;
      if (fault != 4'd0 || !loading_q) active_q <= 1'b0;
      if (fault != 4'd0 || ends) loading_q <= 1'b0;
      if (fault == 4'd0 && ends) active_q <= 1'b1;
      if (header_q != 3'd4) header_q <= header_q + 3'd1;
      if (header_q == 3'd3) frames_q <= word_i;
      if (body) begin
        bits_q  <= (bits_q > 32'd32) ? bits_q - 32'd32 : 32'd0;
        words_q <= words_q + 17'd1;
      end else if (frames && bits_due_q) begin
        bits_q     <= word_i;
        bits_due_q <= 1'b0;
        words_q    <= 17'd0;
      end else if (frames && !ends) begin
        frames_q   <= frames_q - 32'd1;
        bits_due_q <= 1'b1;
        frame_q    <= word_i;
        least_q    <= word_i + 32'd1;
      end
    end
    if (start_i || !rst_ni) begin
      loading_q  <= rst_ni;
      active_q   <= 1'b0;
      error_q    <= 4'd0;
      header_q   <= 3'd0;
      least_q    <= 17'd0;
      bits_due_q <= 1'b0;
      bits_q     <= 32'd0;
      crc_q      <= 32'hffffffff;
    end
  end

  always @(posedge clk_i) begin
    if (!started_q) assume (!rst_ni);
    else begin
      ready_looks_ahead: assert (ready == (awake_q && !start_i));
      active_is_earned:  assert (active == active_q);
      busy_is_true:      assert (busy == loading_q);
      first_fault_stays: assert (error == error_q);
      clears_all:        assert (clear == clear_q);
      clears_to_zero:    assert (!clear || data == 32'd0);
      crc_is_exact:      assert (!loading_q || \u_loader.crc_q == crc_q);
      writes_once:       assert (write == write_q);
      write_is_exact:    assert (!write || (frame == frame_q && index == index_q && data == data_q));
      never_while_active: assert (!write || (busy && !active && !clear));
      empty_is_active:   cover (active && least_q == 17'd0);
      two_words:         cover (active && least_q == 17'd2 && words_q == 17'd2);
      two_frames:        cover (frames && least_q == 17'd3 && words_q == 17'd1 && bits_due_q);
      wrong_crc:         cover (error == 4'd9);
      behind_the_end:    cover (error == 4'd10 && least_q == 17'd1);
    end
  end

  // What holds in every state that can be reached
  (* hierconn *) wire        \u_loader.awake_q ;
  (* hierconn *) wire [3:0]  \u_loader.state_q ;
  (* hierconn *) wire [16:0] \u_loader.left_q ;
  (* hierconn *) wire        \u_loader.any_q ;
  (* hierconn *) wire [15:0] \u_loader.frame_q ;
  (* hierconn *) wire [15:0] \u_loader.index_q ;
  (* hierconn *) wire [15:0] \u_loader.last_q ;
  (* hierconn *) wire [4:0]  \u_loader.tail_q ;

  reg [3:0] state;

  always @* begin
    if (!loading_q) state = 4'd0;
    else if (header_q != 3'd4) state = header_q + 4'd1;
    else if (body) state = 4'd7;
    else if (bits_due_q) state = 4'd6;
    else if (ends) state = 4'd8;
    else state = 4'd5;
  end

  wire [21:0] rest = {1'b0, \u_loader.last_q - words_q[15:0], 5'd0}
                     + ((\u_loader.tail_q == 5'd0) ? 22'd32 : {17'd0, \u_loader.tail_q });

  always @(posedge clk_i) begin
    if (started_q) begin
      same_state:  assert (\u_loader.awake_q == awake_q && \u_loader.state_q == state);
      same_frames: assert (!frames || frames_q == \u_loader.left_q );
      same_place:  assert (!loading_q || least_q == (\u_loader.any_q ? \u_loader.frame_q + 17'd1
                                                                     : 17'd0));
      same_frame:  assert (!loading_q || least_q == 17'd0 || frame_q == \u_loader.frame_q );
      same_words:  assert (!body || (words_q <= \u_loader.last_q && bits_q == rest
                                     && \u_loader.index_q == words_q[15:0] - 16'd1));
      few:         assert (header_q <= 3'd4 && (!frames || frames_q <= Frames)
                           && !(bits_due_q && body) && !(active_q && loading_q)
                           && (error_q == 4'd0 || !(active_q || loading_q))
                           && (!frames || least_q != 17'd0 || !(bits_due_q || body)));
      only_frames: assert (!loading_q || header_q == 3'd4
                           || (least_q == 17'd0 && !bits_due_q && bits_q == 32'd0));
    end
  end

endmodule
